import { expect, test } from 'vitest'
import {
  addToGroup,
  editMessage,
  listenToDirect,
  listenToGroup,
  listenToInbox,
  newGroup,
  removeFromGroup,
  sendDirect,
  sendToGroup,
} from '../support/messages.ts'
import { startRedis } from '../support/redis-server.ts'
import { type Node, startNodes } from './cluster.ts'

const HOW = [
  ['with Redis', async () => startNodes(2, (await startRedis()).url)],
  ['without Redis', () => startNodes(2)],
] as const

/** Tom at the one, Jerry at the other. */
async function tomAndJerry([one, two]: Node[]) {
  if (!one || !two) throw new Error('There are two nodes')
  const tom = await one.register('tom')
  const jerry = two.withToken((await one.register('jerry')).accessToken)
  return { tom, jerry }
}

test.for(HOW)('What is written at one node is heard at the other, in order, %s', async ([, start]) => {
  const { tom, jerry } = await tomAndJerry(await start())
  const listeners = [jerry.listen(listenToInbox), jerry.listen(listenToDirect, { with: 'tom' })]
  for (const { ready } of listeners) await ready

  const send = (content: string) => tom.request(sendDirect, { input: { to: { username: 'jerry' }, content } })
  const { sendDirectMessage } = await send('first')
  await send('second')
  await tom.request(editMessage, { messageId: sendDirectMessage.message.id, content: 'edited' })
  await jerry.request(sendDirect, { input: { to: { username: 'tom' }, content: 'own' } })

  for (const listener of listeners) {
    const heard: string[] = []
    for (let last = ''; last !== 'own'; heard.push(last)) {
      const event = Object.values(await listener.next())[0] as { type: string; message: { content: string } }
      last = event.message.content
      if (event.type === 'UPDATED') expect(last).toBe('edited')
    }
    expect(new Set(heard)).toContain('second')
    expect(heard).toContain('edited')
    expect(heard).toEqual([...new Set(heard)])
  }
})

test.for(HOW)(
  'Who is added at one node hears of it at the other, and nothing more once he is removed, %s',
  async ([, start]) => {
    const { tom, jerry } = await tomAndJerry(await start())
    const inbox = jerry.listen(listenToInbox)
    await inbox.ready
    const { createGroup } = await tom.request(newGroup, { name: 'cats' })
    const groupId = createGroup.group.id
    const say = (content: string) => tom.request(sendToGroup, { input: { groupId, content } })

    await tom.request(addToGroup, { groupId, username: 'jerry' })
    expect((await inbox.next()).inbox).toMatchObject({ type: 'CREATED', message: { kind: 'SYSTEM' } })
    const group = jerry.listen(listenToGroup, { groupId })
    await group.ready
    await say('hello')
    expect((await inbox.next()).inbox.message.content).toBe('hello')
    expect((await group.next()).groupMessages.message.content).toBe('hello')

    await tom.request(removeFromGroup, { groupId, username: 'jerry' })
    await say('secret')
    await group.ended
    await tom.request(sendDirect, { input: { to: { username: 'jerry' }, content: 'sorry' } })
    expect((await inbox.next()).inbox.message.content).toBe('sorry')
    expect(group.untaken).toEqual([])
  },
)
