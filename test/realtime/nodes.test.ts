import { expect, test } from 'vitest'
import { hear, listenToActivity, setTyping } from '../activity/operations.ts'
import { presenceOf, watchPresence } from '../presence/operations.ts'
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
import { poll } from '../support/patience.ts'
import { startRedis } from '../support/redis-server.ts'
import { type Node, startNodes, tomAndJerry } from './cluster.ts'

const HOW = [
  ['with Redis', async () => startNodes(2, (await startRedis()).url)],
  ['without Redis', () => startNodes(2)],
] as const

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

test('Typing, marks and presence cross, and a message sent again at another node is the same', async () => {
  const [one, two] = await startNodes(2, (await startRedis()).url)
  const { tom, jerry } = await tomAndJerry([one, two])
  const { createGroup } = await tom.request(newGroup, { name: 'House', memberIds: [jerry.id] })
  const groupId = createGroup.group.id
  const tomAtTwo = two.withToken(tom.accessToken)

  const activity = jerry.listen(listenToActivity, { conversationId: groupId })
  await activity.ready
  await tom.request(setTyping, { conversationId: groupId, typing: true })
  expect(await hear(activity)).toBe('tom typing true')
  await tom.request(setTyping, { conversationId: groupId, typing: false })
  expect(await hear(activity)).toBe('tom typing false')

  const presence = jerry.listen(watchPresence, { userIds: [tom.id] })
  expect((await presence.next()).presence.online).toBe(false)
  const inbox = tom.listen(listenToInbox)
  expect((await presence.next()).presence.online).toBe(true)
  expect((await jerry.request(presenceOf, { id: tom.id })).user?.online).toBe(true)
  inbox.close()

  const input = { groupId, content: 'once', clientId: '1' }
  const sent = await tom.request(sendToGroup, { input })
  const again = await tomAtTwo.request(sendToGroup, { input })
  expect(again.sendGroupMessage.message).toEqual(sent.sendGroupMessage.message)
})

test('A node says that it is ready, and what it is without', async () => {
  const redis = await startRedis()
  const [withRedis] = await startNodes(1, redis.url)
  const [without] = await startNodes(1)
  const ask = async ({ url }: Node) => {
    const response = await fetch(url.replace('/graphql', '/ready'))
    return `${response.status} ${await response.text()}`.trim()
  }

  expect(await ask(without)).toBe('200 ready; without Redis: changes take longer from node to node')
  expect(await ask(withRedis)).toBe('200 ready')
  await redis.kill()
  await poll(() => ask(withRedis), '200 ready; Redis is down: changes take longer from node to node')
  await redis.restart()
  await poll(() => ask(withRedis), '200 ready')
})
