import { describe, expect, test, vi } from 'vitest'
import { decodeId } from '../../src/ids.ts'
import { groupMarks, markRead } from '../conversation/operations.ts'
import { removeMember } from '../group/operations.ts'
import { deleteMessage } from '../support/messages.ts'
import type { TestUser } from '../support/testkit.ts'
import { say, startHouse } from './scene.ts'

async function unread(reader: TestUser, groupId: string): Promise<number | undefined> {
  const { group } = await reader.request(groupMarks, { id: groupId })
  return group?.unreadCount
}

describe('Marking as read', () => {
  test('leaves what others wrote after it, whichever way the mark has come', async () => {
    const { server, tom, jerry, spike, groupId } = await startHouse()
    const messages: Awaited<ReturnType<typeof say>>[] = []
    for (const sender of [tom, jerry, spike, jerry, jerry, tom, tom, spike, jerry, tom, spike, tom]) {
      messages.push(await say(sender, groupId))
    }
    const deleted = messages.filter((_, index) => [1, 6, 9].includes(index))
    for (const { sender, id } of deleted) {
      await (sender.username === 'jerry' ? jerry : tom).request(deleteMessage, { messageId: id })
    }
    const isSkipped = (message: (typeof messages)[number]) =>
      message.sender.username === 'jerry' || deleted.includes(message)
    const left = (seq: number) => messages.filter((message) => message.seq > seq && !isSkipped(message)).length

    // Step by step, and in one go: short ways from either end, and long ones.
    const steps = [[1, 2, 3, 6, 7, 11], [10], [3, 11], [4, 5]]
    for (const way of steps) {
      await server.app.services.database.write((tx) =>
        tx.member.updateMany({
          where: { userId: decodeId(jerry.id, 'User', 'id') },
          data: {
            readSeq: (messages[0]?.seq ?? 0) - 1,
            readTextCount: 0,
            skippedCount: messages.filter(isSkipped).length,
          },
        }),
      )
      expect(await unread(jerry, groupId)).toBe(left(0))
      for (const index of way) {
        const { seq } = messages[index] ?? { seq: 0 }
        const { markRead: marked } = await jerry.request(markRead, { conversationId: groupId, upToSeq: seq })
        expect(marked.conversation.unreadCount).toBe(left(seq))
      }
    }
  })

  test('together with others is one transaction, and who asks wrongly spoils it for nobody', async () => {
    const { server, tom, jerry, spike, groupId } = await startHouse()
    const stranger = await server.register('stranger')
    const first = await say(tom, groupId)
    const last = await say(tom, groupId)
    const writing = vi.spyOn(server.app.services.database, 'writeSql')
    const { readMarks } = server.app.services
    const mark = ({ id }: TestUser, upToSeq: number) => {
      const viewer = { userId: decodeId(id, 'User', 'id'), sessionId: '', expiresAt: 0 }
      return readMarks.markRead(viewer, decodeId(groupId, 'Group', 'id'), upToSeq)
    }

    const outcomes = await Promise.allSettled([
      mark(jerry, last.seq),
      mark(stranger, first.seq),
      mark(jerry, first.seq),
      mark(spike, last.seq + 1),
      mark(spike, first.seq),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    expect(writing).toHaveBeenCalledTimes(1)
    expect([await unread(jerry, groupId), await unread(spike, groupId)]).toEqual([0, 1])
  })

  test('is refused to who has been removed', async () => {
    const { tom, jerry, groupId } = await startHouse()
    const { seq } = await say(tom, groupId)
    await tom.request(removeMember, { groupId, user: { username: 'jerry' } })
    const marking = jerry.request(markRead, { conversationId: groupId, upToSeq: seq })
    await expect(marking).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
