import { expect, test } from 'vitest'
import { startFlakyProxy } from '../support/flaky-proxy.ts'
import { directHistory } from '../support/messages.ts'
import { startServer, temporaryFolder } from '../support/testkit.ts'
import { type ChatProcess, startChatProcess } from './chat-process.ts'
import { sendToJerry } from './operations.ts'

async function scene() {
  const server = await startServer()
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  const settingsOf = async ({ password }: { password: string }, url = server.url) => ({
    url,
    config: await temporaryFolder(),
    password,
  })
  const speak = async (...lines: string[]) => {
    for (const content of lines) await tom.request(sendToJerry, { content })
  }
  return { server, tom, jerry, speak, settingsOf }
}

function contents(process: ChatProcess): (string | undefined)[] {
  return process.events().flatMap(({ event, message }) => (event === 'created' ? [message?.content] : []))
}

const texts = (count: number, from = 1) => Array.from({ length: count }, (_, index) => `line ${from + index}`)

test('Each line of a pipe is a message, and each that is acknowledged or comes is a line of JSON', async () => {
  const { tom, jerry, settingsOf } = await scene()
  const listener = startChatProcess(['--as', 'jerry', '--json', '--listen', '@tom'], await settingsOf(jerry))
  await listener.has(([ready]) => ready !== undefined)
  expect(listener.events()[0]).toEqual({
    event: 'ready',
    user: 'jerry',
    conversation: { id: null, name: '@tom' },
  })

  const sender = startChatProcess(['--as', 'tom', '--json', '@jerry'], await settingsOf(tom))
  sender.write(`line 1\n\nline 2\r\nCtrl \u009b2J 漢字\n${texts(17, 3).join('\n')}\nthe last, without an end`)
  sender.endInput()
  expect(await sender.exited).toMatchObject({ code: 0 })
  const sent = sender.events().filter(({ event }) => event === 'sent')
  expect(sent.slice(0, 3).map(({ line }) => line)).toEqual([1, 3, 4])
  expect(sent.map(({ message }) => message?.seq)).toEqual(texts(21).map((_, index) => index + 1))

  await listener.has((lines) => lines.length === 22)
  expect(contents(listener)).toEqual(sent.map(({ message }) => message?.content))
  expect(listener.lines().join('')).not.toContain('\u009b')
  expect(listener.events().at(-1)).toMatchObject({
    message: { kind: 'TEXT', sender: { username: 'tom' }, conversation: { kind: 'direct' }, replyTo: null },
  })
  listener.interrupt()
  expect(await listener.exited).toMatchObject({ code: 0 })
})

test('A message that is refused is told with its line, and the others go out', async () => {
  const { tom, settingsOf } = await scene()
  const sender = startChatProcess(['--as', 'tom', '--json', '@jerry'], await settingsOf(tom))
  sender.write(`one\n${'x'.repeat(4_001)}\nthree\n`)
  sender.endInput()

  expect(await sender.exited).toMatchObject({ code: 1 })
  const told = sender.events().filter(({ event }) => event === 'sent' || event === 'refused')
  expect(told.map(({ event, line, code }) => [event, line, code])).toEqual([
    ['sent', 1, undefined],
    ['refused', 2, 'BAD_USER_INPUT'],
    ['sent', 3, undefined],
  ])
})

test('However the line breaks, each message is sent once and heard once', async () => {
  const { server, tom, jerry, settingsOf } = await scene()
  const [out, back] = await Promise.all([startFlakyProxy(server.url), startFlakyProxy(server.url)])
  const listener = startChatProcess(['--as', 'jerry', '--json', '--listen', '@tom'], await settingsOf(jerry, back.url))
  const sender = startChatProcess(['--as', 'tom', '--json', '@jerry'], await settingsOf(tom, out.url))
  await Promise.all([listener, sender].map((one) => one.has(([ready]) => ready !== undefined)))

  sender.write(`${texts(60).join('\n')}\n`)
  sender.endInput()
  for (const bytes of [400, 900, 600]) await Promise.all([out.cutAfter(bytes), back.cutAfter(bytes * 2)])

  expect(await sender.exited).toMatchObject({ code: 0 })
  await listener.has(() => contents(listener).length > 59)
  expect(contents(listener)).toEqual(texts(60))
  const { directConversation } = await jerry.request(directHistory, { with: 'tom', last: 60 })
  expect(directConversation?.messages.edges.map(({ node }) => node.content)).toEqual(texts(60))
  expect(directConversation?.lastMessage?.seq).toBe(60)
})

test('A script that was away goes on after the last cursor that it saw', async () => {
  const { jerry, speak, settingsOf } = await scene()
  const settings = await settingsOf(jerry)
  await speak('line 1')
  const first = startChatProcess(['--as', 'jerry', '--json'], settings)
  await first.has(([ready]) => ready !== undefined)
  await speak('line 2')
  await first.has((lines) => lines.length === 2)
  const { cursor = '' } = first.events()[1] ?? {}
  first.interrupt()
  expect(await first.exited).toMatchObject({ code: 0 })

  await speak('line 3', 'line 4')
  const second = startChatProcess(['--as', 'jerry', '--json', '--after', cursor], settings)
  await second.has((lines) => lines.length === 3)
  expect(contents(second)).toEqual(['line 3', 'line 4'])
})

test('Where the input is the password, nothing is sent', async () => {
  const { tom, settingsOf } = await scene()
  const { password = '', ...settings } = await settingsOf(tom)
  const process = startChatProcess(['--as', 'tom', '--password-stdin', '--json', '@jerry'], settings)
  process.write(`${password}\n`)
  process.endInput()
  expect(await process.exited).toMatchObject({ code: 0, stderr: '' })
  expect(process.events().map(({ event }) => event)).toEqual(['ready'])
})

test('Who listens ends when nobody reads along any more', async () => {
  const { jerry, speak, settingsOf } = await scene()
  const listener = startChatProcess(['--as', 'jerry', '--json'], await settingsOf(jerry))
  await listener.has(([ready]) => ready !== undefined)
  listener.stopReading()
  await speak('line 1', 'line 2')
  expect(await listener.exited).toMatchObject({ code: 0, stderr: '' })
})

test('For people, a pipe gets plain text without colours', async () => {
  const { jerry, settingsOf } = await scene()
  const listener = startChatProcess(['--as', 'jerry', '--listen', '@tom'], await settingsOf(jerry))
  listener.write('I am here\n')
  await listener.has((lines) => lines.some((line) => line.includes('I am here')))
  expect(listener.lines().at(-1)).toMatch(/^ +\d+ \d\d:\d\d jerry {2}I am here$/)
})

test.each<[string[], number, RegExp]>([
  [['--url', 'http://127.0.0.1:1', '--as', 'tom', '@jerry'], 4, /No answer from http:\/\/127\.0\.0\.1:1\/graphql/],
  [['--url', 'nowhere at all', '--as', 'tom', '@jerry'], 2, /no address/],
  [['--as', 'jerry', '@tom'], 3, /CHAT_PASSWORD/],
  [['--as', 'tom', '@nobody'], 2, /no user @nobody/],
  [['--as', 'tom', '#nowhere'], 2, /no group #nowhere/],
  [['--as', 'tom', 'nonsense'], 2, /@username/],
  [['--as', 'tom', '--json', '--after', 'nonsense'], 1, /Not a cursor/],
  [['--frobnicate'], 2, /unknown option/],
])('The exit code and a line tell what is wrong: %j', async (args, code, line) => {
  const { tom, settingsOf } = await scene()
  const process = startChatProcess(args, await settingsOf(tom))
  process.endInput()
  const ended = await process.exited
  expect(ended.code).toBe(code)
  expect(ended.stderr).toMatch(line)
  expect(ended.stderr.trim().split('\n')).toHaveLength(1)
})
