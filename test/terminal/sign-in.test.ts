import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { startServer, temporaryFolder } from '../support/testkit.ts'
import { startChatTerminal } from './chat-terminal.ts'

/** The files that the client has left in its folder. */
async function sessionFiles(config: string) {
  const entries = await readdir(config, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
}

needs('terminal')('Signing in', () => {
  test('A new account is made, whose password is never shown and asked for no more, until he logs out', async () => {
    const server = await startServer()
    await server.register('jerry')
    const settings = { url: server.url, config: await temporaryFolder() }

    const first = startChatTerminal(['--as', 'spike', '--register', '@jerry'], settings)
    await first.shows('Password of spike:')
    first.say('a bone to pick')
    await first.shows('Once more:')
    first.say('a bone to pick')
    await first.shows('You are spike')
    expect(first.output()).not.toContain('bone')
    first.say('/quit')
    expect(await first.exited).toBe(0)

    const [file = '', ...others] = await sessionFiles(settings.config)
    expect(others).toEqual([])
    expect((await stat(file)).mode & 0o777).toBe(0o600)

    const second = startChatTerminal(['@jerry'], settings)
    await second.shows('You are spike')
    second.say('/logout')
    expect(await second.exited).toBe(0)
    expect(await sessionFiles(settings.config)).toEqual([])

    const third = startChatTerminal(['--as', 'spike', '@jerry'], settings)
    await third.shows('Password of spike:')
    third.say('not the bone')
    expect(await third.exited).toBe(3)
  })

  test('On a server of this machine, the demo users need no password, and are told which one they have', async () => {
    const server = await startServer({ seedUsers: true })
    const terminal = startChatTerminal(['--as', 'tom', '@jerry'], { url: server.url, config: await temporaryFolder() })

    await terminal.shows('You are tom')
    expect(terminal.output()).toMatch(/demo user tom with the password that everybody knows, password123/)
  })
})
