import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { createDeliveredMarks } from '../../src/activity/delivered-marks.ts'
import { decodeId } from '../../src/ids.ts'
import type { MessageRow } from '../../src/log/change.ts'
import { createMemoryBus } from '../../src/realtime/memory-bus.ts'
import type { Listener } from '../../src/realtime/rooms.ts'
import { startServer } from '../support/testkit.ts'

const COUNT = 1_200

test('Many delivered marks at once are stored in pieces, between which others write', async () => {
  const server = await startServer()
  const { database } = server.app.services
  const userId = decodeId((await server.register('jerry')).id, 'User', 'id')
  const ids = Array.from({ length: COUNT }, (_, index) => `group-${index}`)
  const createdAt = new Date()
  await database.writeSql(async (sql) => {
    await sql.insert(
      'Conversation',
      ids.map((id) => ({ id, kind: 'GROUP', createdAt })),
    )
    await sql.insert(
      'Member',
      ids.map((conversationId) => ({ conversationId, userId, joinedAt: createdAt })),
    )
  })
  const marks = createDeliveredMarks({ database, bus: createMemoryBus(), logger: pino({ level: 'silent' }) })
  const listener = { userId, since: 0n, received: 10n, isBehind: false } as Listener
  for (const conversationId of ids) {
    const message = { conversationId, seq: 3, createdPosition: 10n, position: 10n } as MessageRow
    marks.told(message, new Set([listener]))
  }
  const writing = vi.spyOn(database, 'writeSql')

  await marks.close()

  expect(writing).toHaveBeenCalledTimes(3)
  expect(await database.read.member.count({ where: { deliveredSeq: 3 } })).toBe(COUNT)
})
