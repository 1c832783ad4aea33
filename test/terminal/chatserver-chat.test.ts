import { expect, test } from 'vitest'
import { commandLine } from '../admin/command-line.ts'
import { startServer, temporaryFolder } from '../support/testkit.ts'

const timeout = 60_000 // ms: each command is a process of its own, on a busy machine

test('The owner’s command line has the client too, with its own options and exit codes', { timeout }, async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  await server.register('jerry')
  const settings = { CHAT_URL: server.url, CHAT_PASSWORD: tom.password, XDG_CONFIG_HOME: await temporaryFolder() }
  const run = commandLine(settings)

  const sent = await run('chat --as tom --json @jerry', 'Hello, Jerry\n')
  expect(sent).toMatchObject({ code: 0, stderr: '' })
  const events = sent.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(events[0]).toMatchObject({ event: 'ready', user: 'tom' })
  expect(events).toContainEqual(expect.objectContaining({ event: 'sent', line: 1 }))

  expect(await run('chat --as tom @nobody')).toMatchObject({ code: 2, stderr: 'There is no user @nobody.\n' })
  expect(await run('chat --frobnicate')).toMatchObject({ code: 2, stderr: expect.stringMatching(/unknown option/) })
  expect(await run('chat --help')).toMatchObject({ code: 0, stdout: expect.stringMatching(/--after <cursor>/) })
})

test('Where no session can be kept, it says so in a line', { timeout }, async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const settings = { CHAT_URL: server.url, CHAT_PASSWORD: tom.password, XDG_CONFIG_HOME: '/dev/null' }

  expect(await commandLine(settings)('chat --as tom --json')).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/^The session can't be kept \(.*XDG_CONFIG_HOME.*\n$/),
  })
})
