import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { logoutEverywhere } from '../auth/operations.ts'
import { needs } from '../support/needs.ts'
import { startServer, temporaryFolder } from '../support/testkit.ts'
import { startChatTerminal } from './chat-terminal.ts'

/** The files that the client has left in its folder. */
async function sessionFiles(config: string) {
  const entries = await readdir(config, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
}

needs('terminal')('Signing in', () => {
  test('A new account is made, whose password is never shown and asked for no more', async () => {
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
  })

  test('Logging out leaves nothing behind, and a wrong password lets nobody in', async () => {
    const server = await startServer()
    const tom = await server.register('tom')
    await server.register('jerry')
    const settings = { url: server.url, config: await temporaryFolder() }
    const first = startChatTerminal(['--as', 'tom', '@jerry'], { ...settings, password: tom.password })
    await first.shows('You are tom')
    first.say('/logout')
    expect(await first.exited).toBe(0)
    expect(await sessionFiles(settings.config)).toEqual([])

    const second = startChatTerminal(['--as', 'tom', '@jerry'], { ...settings, password: 'a guess' })
    expect(await second.exited).toBe(3)
  })

  test('On a server of this machine, the demo users need no password, and are told which one they have', async () => {
    const server = await startServer({ seedUsers: true })
    const terminal = startChatTerminal(['--as', 'tom', '@jerry'], { url: server.url, config: await temporaryFolder() })

    await terminal.shows('You are tom')
    expect(terminal.output()).toMatch(/demo user tom with the password that everybody knows, password123/)
  })

  test('Signed out from elsewhere, he is told so, and the client ends', async () => {
    const server = await startServer()
    const tom = await server.register('tom')
    await server.register('jerry')
    const settings = { url: server.url, config: await temporaryFolder(), password: tom.password }
    const terminal = startChatTerminal(['--as', 'tom', '@jerry'], settings)
    await terminal.shows('first message')

    await tom.request(logoutEverywhere)
    await terminal.shows('The session is over')
    expect(await terminal.exited).toBe(3)
  })
})
