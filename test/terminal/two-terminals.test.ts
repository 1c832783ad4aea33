import { expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { newDatabase, startServer, type TestServer, temporaryFolder } from '../support/testkit.ts'
import { type ChatTerminal, startChatTerminal } from './chat-terminal.ts'
import { rename, sendToJerry } from './operations.ts'

const [CTRL_C, CTRL_D] = ['\x03', '\x04']

/** Tom and Jerry, each at his own terminal, in the conversation with the other. */
async function twoTerminals(server: TestServer) {
  const { url } = server
  const [tom, jerry] = await Promise.all([server.register('tom'), server.register('jerry')])
  const open = async (user: typeof tom, ...args: string[]): Promise<ChatTerminal> =>
    startChatTerminal(['--as', user.username, ...args], {
      url,
      config: await temporaryFolder(),
      password: user.password,
    })
  const [ofTom, ofJerry] = await Promise.all([open(tom, '@jerry'), open(jerry, '@tom')])
  await Promise.all([ofTom.shows('first message'), ofJerry.shows('first message')])
  return { tom, jerry, ofTom, ofJerry }
}

needs('terminal')('Two terminals', () => {
  test('Tom and Jerry see each other’s messages as they are sent, each of them once', async () => {
    const { ofTom, ofJerry } = await twoTerminals(await startServer())

    ofTom.say('Hello, Jerry')
    await ofJerry.shows(/1 \d\d:\d\d tom {2}Hello, Jerry/)
    ofJerry.say('Hello, Tom')
    await ofTom.shows(/2 \d\d:\d\d jerry {2}Hello, Tom/)
    await ofJerry.shows(/2 \d\d:\d\d jerry {2}Hello, Tom/)

    for (const terminal of [ofTom, ofJerry]) {
      expect(terminal.times('Hello, Jerry')).toBe(1)
      expect(terminal.times('Hello, Tom')).toBe(1)
      await terminal.shows(/\n>$/)
    }
    ofTom.say('/quit')
    expect(await ofTom.exited).toBe(0)
  })

  test('What is being typed stays whole while messages come, long and wide as it may be', async () => {
    const { ofTom, ofJerry } = await twoTerminals(await startServer())
    const long = `${'a long line of words '.repeat(6)}漢字🙂`

    ofTom.type(long)
    ofJerry.say('Are you there?')
    await ofTom.shows('Are you there?')
    ofJerry.say('Tom?')
    await ofTom.shows('Tom?')
    const typed = async () => ofTom.text().split('\n').slice(-2).join('').replaceAll(' ', '')
    await poll(typed, `>${long.replaceAll(' ', '')}`)

    ofTom.say('!')
    await ofJerry.shows('漢字🙂!')
    await ofTom.shows('漢字🙂!')
    expect(ofTom.times('漢字')).toBe(1)
  })

  test('A server that goes away and comes back costs no message and doubles none', async () => {
    const databaseUrl = await newDatabase()
    const server = await startServer({ databaseUrl })
    const { ofTom, ofJerry } = await twoTerminals(server)
    ofTom.say('before')
    await ofJerry.shows('before')

    await server.stop()
    await Promise.all([ofTom.shows('No connection'), ofJerry.shows('No connection')])
    ofTom.say('meanwhile 1')
    ofTom.say('meanwhile 2')
    await ofTom.shows('… meanwhile 2')
    await startServer({ databaseUrl, port: Number(new URL(server.url).port) })

    await ofJerry.shows(/tom {2}meanwhile 1[\s\S]*tom {2}meanwhile 2/)
    await ofTom.shows(/tom {2}meanwhile 1[\s\S]*tom {2}meanwhile 2/)
    await Promise.all([ofTom.shows('Connected again'), ofJerry.shows('Connected again')])
    ofJerry.say('after')
    await ofTom.shows('after')
    for (const terminal of [ofTom, ofJerry]) {
      for (const text of ['before', 'meanwhile 1', 'meanwhile 2', 'No connection']) {
        expect([text, terminal.times(text)]).toEqual([text, text === 'No connection' ? 0 : 1])
      }
    }
  })

  test('Whoever leaves is told what he leaves behind: with Ctrl-C before, with Ctrl-D after', async () => {
    const server = await startServer()
    const { ofTom, ofJerry } = await twoTerminals(server)
    await server.stop()
    await Promise.all([ofTom.shows('No connection'), ofJerry.shows('No connection')])
    for (const terminal of [ofTom, ofJerry]) terminal.say('meanwhile')
    await Promise.all([ofTom.shows('… meanwhile'), ofJerry.shows('… meanwhile')])

    ofTom.type(CTRL_C)
    await ofTom.shows('leave once more')
    ofTom.type(CTRL_C)
    ofJerry.type(CTRL_D)
    for (const terminal of [ofTom, ofJerry]) {
      expect(await terminal.exited).toBe(0)
      expect(terminal.text()).toMatch(/Perhaps not sent: “meanwhile”\s*$/)
    }
  })

  test('A pasted text of several lines is one message', async () => {
    const { ofTom, ofJerry } = await twoTerminals(await startServer())

    ofTom.type('\x1b[200~roses are red\rviolets are blue\x1b[201~')
    await ofTom.shows('violets are blue')
    ofTom.say('')
    await ofJerry.shows(/1 \d\d:\d\d tom {2}roses are red\n\s+│ violets are blue/)
    await ofTom.shows(/1 \d\d:\d\d tom {2}roses are red\n\s+│ violets are blue/)
    expect(ofTom.times('roses')).toBe(1)
  })

  test('What others write moves nothing on the terminal, and nobody passes for another', async () => {
    const server = await startServer()
    const { tom, ofJerry } = await twoTerminals(server)
    await tom.request(rename, { displayName: 'Jerry\u202e\x1b[31m' })
    const hostile = 'A\x1b[2J\x1b[10A\x1b]0;owned\x07B\rC\x9b31mD\u202eE\u2028F\x08\x08G'
    await tom.request(sendToJerry, { content: hostile })

    await ofJerry.shows('␈␈G')
    expect(ofJerry.strange).toEqual([])
    expect(ofJerry.text()).toContain('Jerry␛[31m (@tom)  A␛[2J␛[10A␛]0;owned␇B')
    expect(ofJerry.text()).toMatch(/│ C�31mDE\n\s+│ F␈␈G/)
  })
})
