import { expect, test } from 'vitest'
import { logoutEverywhere, viewer } from '../auth/operations.ts'
import { deleteGroup } from '../group/operations.ts'
import {
  addToGroup,
  listenToGroup,
  listenToInbox,
  newGroup,
  removeFromGroup,
  sendDirect,
  sendToGroup,
} from '../support/messages.ts'
import { poll } from '../support/patience.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { type RequestError, SocketClosedError } from '../support/testkit.ts'
import { type Change, startNodes, tomAndJerry } from './cluster.ts'

/** A group of Tom's at the one node, with Jerry, who listens at the other. */
async function startHouse(redis: RedisServer, change?: Change) {
  const nodes = await startNodes(2, redis.url, change)
  const { tom, jerry } = await tomAndJerry(nodes)
  const { createGroup } = await tom.request(newGroup, { name: 'House', memberIds: [jerry.id] })
  const groupId = createGroup.group.id
  const say = (content: string) => tom.request(sendToGroup, { input: { groupId, content } })
  const inbox = jerry.listen(listenToInbox)
  await inbox.ready
  /** What somebody says next. */
  const hear = async (): Promise<string> => {
    const { type, message } = (await inbox.next()).inbox
    return message.kind === 'SYSTEM' ? hear() : `${type} ${message.content}`
  }
  return { nodes, tom, jerry, groupId, say, inbox, hear }
}

const LOSSES: [what: string, change: Change][] = [
  ['payloads', (channel, payload) => (channel.startsWith('conversation:') ? null : payload)],
  ['announcements', (channel, payload) => (channel === 'log' ? null : payload)],
  ['everything', () => null],
  ['the meaning of payloads', (_, payload) => payload.replace('"v":1', '"v":2')],
  ['the columns of messages', (_, payload) => payload.replace(/"columns":\d+/, '"columns":1')],
  ['half of it all', (_, payload) => (Math.random() < 0.5 ? null : payload)],
]

test.for(LOSSES)('Where the bus loses %s, all is heard once and in order', async ([, change]) => {
  const { say, hear } = await startHouse(await startRedis(), change)
  for (let number = 0; number < 20; number++) await say(`${number}`)
  for (let number = 0; number < 20; number++) expect(await hear()).toBe(`CREATED ${number}`)
})

test('A removal that is lost on the bus ends what he listens to, and tells him nothing more', async () => {
  const { tom, jerry, groupId, say, inbox, hear } = await startHouse(await startRedis(), () => null)
  const group = jerry.listen(listenToGroup, { groupId })
  await group.ready

  await tom.request(removeFromGroup, { groupId, username: 'jerry' })
  await say('secret')
  await group.ended

  expect(group.untaken).toEqual([])
  await tom.request(sendDirect, { input: { to: { username: 'jerry' }, content: 'sorry' } })
  expect(await hear()).toBe('CREATED sorry')
  await tom.request(addToGroup, { groupId, username: 'jerry' })
  expect((await inbox.next()).inbox.message.kind).toBe('SYSTEM')
  await say('welcome back')
  expect(await hear()).toBe('CREATED welcome back')
})

test('A group’s deletion that is lost on the bus ends what is listened to there', async () => {
  const { tom, jerry, groupId } = await startHouse(await startRedis(), () => null)
  const group = jerry.listen(listenToGroup, { groupId })
  const unbegun = jerry.listen(listenToInbox)
  await Promise.all([group.ready, unbegun.ready])

  await tom.request(deleteGroup, { groupId })

  await group.ended
  expect(group.untaken).toEqual([])
})

test.for([
  ['killed', (redis: RedisServer) => redis.kill(), (redis: RedisServer) => redis.restart()],
  ['frozen', async (redis: RedisServer) => redis.freeze(), async (redis: RedisServer) => redis.thaw()],
] as const)('While Redis is %s under load and after that, all is heard once and in order', async ([, stop, resume]) => {
  const redis = await startRedis()
  const { nodes, say, hear } = await startHouse(redis)
  const isUp = async () => nodes.every(({ link }) => link?.isUp)
  let number = 0
  let isOver = false
  const sending = (async () => {
    while (!isOver) await say(`${number++}`)
  })()

  expect(await hear()).toBe('CREATED 0')
  await stop(redis)
  await poll(async () => nodes.some(({ link }) => link?.isUp), false)
  const heardWithout = number
  for (let next = 1; next <= heardWithout + 20; next++) expect(await hear()).toBe(`CREATED ${next}`)
  await resume(redis)
  await poll(isUp, true)
  isOver = true
  await sending
  await say('last')
  for (let next = heardWithout + 21; next < number; next++) expect(await hear()).toBe(`CREATED ${next}`)
  expect(await hear()).toBe('CREATED last')
})

test('A session that ends while nobody hears of it is refused at the other node, and its sockets close', async () => {
  const redis = await startRedis()
  const { nodes, tom } = await startHouse(redis)
  const elsewhere = nodes[1].withToken(tom.accessToken)
  const inbox = elsewhere.listen(listenToInbox)
  await inbox.ready
  await elsewhere.request(viewer)
  await redis.kill()
  await poll(async () => nodes.some(({ link }) => link?.isUp), false)

  await tom.request(logoutEverywhere)
  await redis.restart()

  const closed = await inbox.ended.catch((error) => error)
  expect(closed).toBeInstanceOf(SocketClosedError)
  expect(closed.code).toBe(4403)
  const ask = () =>
    elsewhere.request(viewer).then(
      () => 'answered',
      (error: RequestError) => `${error.code}`,
    )
  await poll<string>(ask, 'UNAUTHENTICATED')
})
