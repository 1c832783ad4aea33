import { once } from 'node:events'
import { chmod, mkdir, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import type { AdminService } from '../../src/admin/admin-service.ts'
import { findServer } from '../../src/admin/control-client.ts'
import { controlSocketPath, openControlSocket } from '../../src/admin/control-socket.ts'
import { ChatError } from '../../src/errors.ts'
import { temporaryFolder } from '../support/testkit.ts'

const admin = {
  totals: async () => ({ users: 3 }),
  endSessions: async ({ username }: { username: string }) => {
    throw username === 'nobody'
      ? new ChatError('NOT_FOUND', 'There is no user named nobody.')
      : new Error('Secret pains')
  },
} as unknown as AdminService

async function scene() {
  const logged: string[] = []
  const logger = pino({ level: 'info' }, { write: (line) => logged.push(line) })
  const path = controlSocketPath(join(await temporaryFolder(), 'chat.db'))
  const control = await openControlSocket(path, admin, logger)
  onTestFinished(control.close)
  return { path, control, logger, logged }
}

test('The folder of the socket is closed to other users, whatever it was before', async () => {
  const { path, control, logger } = await scene()
  expect((await stat(dirname(path))).mode & 0o777).toBe(0o700)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  await chmod(dirname(path), 0o777)
  await control.close()

  const next = await openControlSocket(path, admin, logger)
  onTestFinished(next.close)
  expect((await stat(dirname(path))).mode & 0o777).toBe(0o700)
})

test('Results and refusals come as they are, faults are told in the server’s log alone', async () => {
  const { path, logged } = await scene()
  const ask = await findServer(path)

  expect(await ask?.('totals', {})).toEqual({ users: 3 })
  await expect(ask?.('endSessions', { username: 'nobody' })).rejects.toThrow('There is no user named nobody.')
  await expect(ask?.('endSessions', { username: 'tom' })).rejects.toThrow(/its log tells why/)
  expect(logged.join()).toContain('Secret pains')
})

test('Whatever else comes through it does no harm', async () => {
  const { path } = await scene()
  for (const [said, answered] of [
    ['', ''],
    ['no JSON', ''],
    ['null', /doesn’t know the command/],
    ['{"command":"constructor"}', /doesn’t know the command/],
    ['{"command":"shutdown","input":{}}', /restart it/],
  ] as const) {
    const socket = connect(path)
    socket.end(said)
    expect(await text(socket).catch(() => '')).toMatch(answered)
  }
  const silent = connect(path)
  await once(silent, 'connect')
  silent.destroy()

  expect(await (await findServer(path))?.('totals', {})).toEqual({ users: 3 })
})

test('What a killed server has left there is in nobody’s way', async () => {
  const { path, control, logger } = await scene()
  await control.close()
  // A socket that nobody listens to any more refuses as a plain file does.
  await mkdir(dirname(path))
  await writeFile(path, '')
  expect(await findServer(path)).toBeNull()

  const next = await openControlSocket(path, admin, logger)
  onTestFinished(next.close)
  expect(await findServer(path)).not.toBeNull()
})

test('Where there can be no socket, the server goes on without, and says so', async () => {
  const { logger, logged, path } = await scene()
  const blocked = join(dirname(path), 'file')
  await writeFile(blocked, '')
  for (const impossible of [join(dirname(path), 'long'.repeat(40), 'socket'), join(blocked, 'socket')]) {
    const control = await openControlSocket(impossible, admin, logger)
    expect(logged.pop()).toContain('need the server stopped')
    expect(await findServer(impossible)).toBeNull()
    await control.close()
  }
})
