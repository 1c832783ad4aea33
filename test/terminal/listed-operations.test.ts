import { expect, test } from 'vitest'
import * as generated from '../../terminal/generated/graphql.ts'
import { lockServer } from '../support/locked-server.ts'
import { newGroup, sendToGroup } from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import { startServer, temporaryFolder } from '../support/testkit.ts'
import { startChatTerminal } from './chat-terminal.ts'

needs('terminal')('Where listed operations alone run', () => {
  test('everything at the terminal goes on', { timeout: 60_000 }, async () => {
    const open = await startServer()
    const [tom, jerry] = await Promise.all([open.register('tom'), open.register('jerry')])
    const { createGroup } = await jerry.request(newGroup, { name: 'The house', memberIds: [tom.id] })
    const { id: groupId } = createGroup.group
    for (let number = 1; number <= 25; number++) {
      await jerry.request(sendToGroup, { input: { groupId, content: `word ${number}` } })
    }
    const server = await lockServer(open)
    const settingsOf = async (password: string) => ({ url: server.url, config: await temporaryFolder(), password })
    const toms = startChatTerminal(['--as', 'tom', '#the house'], await settingsOf(tom.password))
    const spikes = startChatTerminal(['--as', 'spike', '--register', '@tom'], await settingsOf('a bone to pick'))

    await toms.shows('word 25')
    toms.say('/more')
    await toms.shows(/earlier[\s\S]*word 1\n/)
    await spikes.shows('first message')
    spikes.say('Hello, Tom')
    await toms.shows('spike: Hello, Tom  (/switch @spike)')
    toms.say('/conversations')
    await toms.shows(/1 @spike \(1 unread\)/)
    toms.say('Hello, house')
    await toms.shows(/tom {2}Hello, house/)
    toms.say('/edit . Hello, Jerry')
    await toms.shows('Hello, Jerry (edited)')
    toms.say('/who')
    await toms.shows(/jerry .*owner/)
    toms.say('/delete .')
    await toms.shows('was deleted')
    toms.say('/switch @spike')
    await toms.shows(/1 \d\d:\d\d spike {2}Hello, Tom/)
    toms.say('/react 1 👍')
    await spikes.shows('👍 1')
    toms.say('/react 1 -👍')
    await spikes.shows('has no reactions any more')
    for (const terminal of [toms, spikes]) {
      terminal.say('/logout')
      expect(await terminal.exited).toBe(0)
    }

    // All there are but for what a session is renewed with, after twelve minutes.
    const all = Object.keys(generated).flatMap((name) => /^(Terminal.+)Document$/.exec(name)?.[1] ?? [])
    expect(await server.requireListed()).toEqual(new Set(all.filter((name) => name !== 'TerminalRefresh')))
  })
})
