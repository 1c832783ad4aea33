import { expect, test } from 'vitest'
import { addToGroup, newGroup, sendDirect, sendToGroup } from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import { startServer, temporaryFolder } from '../support/testkit.ts'
import { startChatTerminal } from './chat-terminal.ts'

/** Tom at a terminal in a group with Jerry, who writes to it by himself. */
async function groupScene(said: number) {
  const server = await startServer()
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  const { createGroup } = await jerry.request(newGroup, { name: 'The house', memberIds: [tom.id] })
  const groupId = createGroup.group.id
  const say = (content: string) => jerry.request(sendToGroup, { input: { groupId, content } })
  for (let number = 1; number <= said; number++) await say(`word ${number}`)
  const settings = { url: server.url, config: await temporaryFolder(), password: tom.password }
  return { server, tom, jerry, groupId, say, settings }
}

needs('terminal')('Commands', () => {
  test('A group’s history is there on entering, and more of it on asking', async () => {
    const { settings, say } = await groupScene(45)
    const terminal = startChatTerminal(['--as', 'tom', '#the house'], settings)

    await terminal.shows('word 45')
    expect(terminal.times('word 26')).toBe(1)
    expect(terminal.times('word 25\n')).toBe(0)
    terminal.say('/more')
    await terminal.shows(/earlier[\s\S]*word 6\n[\s\S]*word 25\n[\s\S]*now/)
    terminal.say('/more')
    await terminal.shows(/earlier[\s\S]*created the group[\s\S]*word 5\n/)
    terminal.say('/more')
    await terminal.shows('This is the beginning')
    await say('word 46')
    await terminal.shows('word 46')
    for (const number of [1, 25, 26, 45]) expect(terminal.times(`word ${number}\n`)).toBe(1)
  })

  test('Messages are answered, reacted to, edited and deleted', async () => {
    const { settings, say } = await groupScene(0)
    const terminal = startChatTerminal(['--as', 'tom', '#The house'], settings)
    await terminal.shows('was added')
    await say('Cheese?')
    await terminal.shows(/3 .*Cheese\?/)

    terminal.say('/reply 3 Yes, please')
    await terminal.shows(/4 .*tom {2}↪ jerry: Cheese\? · Yes, please/)
    terminal.say('/react 3 👍')
    await terminal.shows(/3 jerry’s message {2}👍 1/)
    terminal.say('/edit . No, thanks')
    await terminal.shows(/4 tom’s message now reads: No, thanks \(edited\)/)
    terminal.say('/delete .')
    await terminal.shows(/4 tom’s message was deleted/)
    terminal.say('/react 3 -👍')
    await terminal.shows('has no reactions any more')
    terminal.say('/who')
    await terminal.shows(/jerry .*owner/)
    terminal.say('/edit 99 What?')
    await terminal.shows('99 is no message shown here')
    terminal.say('/dance')
    await terminal.shows('There is no /dance')
    terminal.say('//quit is how one leaves')
    await terminal.shows(/5 .*tom {2}\/quit is how one leaves/)
  })

  test('What comes elsewhere is told of, and shown when he goes there; what was shown is read', async () => {
    const { settings, tom, jerry, say } = await groupScene(0)
    const terminal = startChatTerminal(['--as', 'tom', '#The house'], settings)
    await terminal.shows('was added')

    await jerry.request(sendDirect, { input: { to: { username: 'tom' }, content: 'In private' } })
    await terminal.shows('jerry: In private  (/switch @jerry)')
    terminal.say('/conversations')
    await terminal.shows(/1 @jerry \(1 unread\)/)
    terminal.say('/switch 1')
    await terminal.shows(/1 \d\d:\d\d jerry {2}In private/)
    await say('Back to the house')
    await terminal.shows('(/switch #The house)')
    terminal.say('/conversations')
    await terminal.shows(/1 #The house \(1 unread\) .*\n\s+2 @jerry jerry/)
    expect(tom.username).toBe('tom')
  })

  test('Without a conversation, there is a list to choose from', async () => {
    const { settings, server, groupId, jerry } = await groupScene(1)
    const spike = await server.register('spike')
    await jerry.request(addToGroup, { groupId, username: 'spike' })
    const terminal = startChatTerminal(['--as', 'spike'], { ...settings, password: spike.password })

    await terminal.shows(/1 #The house[\s\S]*Which one\?/)
    terminal.say('@nobody')
    await terminal.shows('There is no user @nobody')
    terminal.say('1')
    await terminal.shows('spike was added to the group')
    terminal.say('/switch 1')
    await terminal.shows(/1 #The house[\s\S]*\n#The house\n[\s\S]*\n#The house\n/)
  })
})
