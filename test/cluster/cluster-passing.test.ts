import { expect, test } from 'vitest'
import { hear, listenToActivity, setTyping } from '../activity/operations.ts'
import { watchPresence } from '../presence/operations.ts'
import { openSignedInSocket } from '../support/bare-socket.ts'
import { startFlakyProxy } from '../support/flaky-proxy.ts'
import { sendDirect } from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import { startRedis } from '../support/redis-server.ts'
import type { TestServer } from '../support/testkit.ts'
import { startTwoNodes, startTwoNodesOn, timeout } from './two-nodes.ts'

const LEASE = 1_500 // ms

/** Tom at the one, Jerry at the other. */
async function startTalk([one, two]: [TestServer, TestServer]) {
  const [tom, jerry] = await Promise.all([one.register('tom'), two.register('jerry')])
  const { sendDirectMessage } = await tom.request(sendDirect, { input: { to: { id: jerry.id }, content: 'Hello' } })
  return { one, two, tom, jerry, conversationId: sendDirectMessage.message.conversation.id }
}

needs('redis', 'postgres')('From node to node', () => {
  test('typing is told, and its end', { timeout }, async () => {
    const { tom, jerry, conversationId } = await startTalk(await startTwoNodes())
    const ear = jerry.listen(listenToActivity, { conversationId })
    await ear.ready
    await tom.request(setTyping, { conversationId, typing: true })
    expect(await hear(ear)).toBe('tom typing true')
    await tom.request(setTyping, { conversationId, typing: false })
    expect(await hear(ear)).toBe('tom typing false')
  })

  test('who comes and goes is told', { timeout }, async () => {
    const { one, tom, jerry } = await startTalk(await startTwoNodes({ presenceGrace: 0 }))
    const ear = jerry.listen(watchPresence, { userIds: [tom.id] })
    expect((await ear.next()).presence).toMatchObject({ online: false })
    const { socket } = await openSignedInSocket(one.url, tom.accessToken)
    expect((await ear.next()).presence).toMatchObject({ online: true })
    socket.close()
    expect((await ear.next()).presence).toMatchObject({ online: false, lastSeenAt: expect.any(String) })
  })

  test('who is at a node that nobody hears any more is online until its word has run out', { timeout }, async () => {
    const redis = await startRedis()
    const line = await startFlakyProxy(redis.url)
    const nodes = await startTwoNodesOn([line.url, redis.url], { presenceGrace: 0, presenceLease: LEASE })
    const { one, tom, jerry } = await startTalk(nodes)
    await openSignedInSocket(one.url, tom.accessToken)
    const ear = jerry.listen(watchPresence, { userIds: [tom.id] })
    for (let event = await ear.next(); !event.presence.online; event = await ear.next());
    line.part()
    expect((await ear.next()).presence).toEqual({ username: 'tom', online: false, lastSeenAt: null })
    line.mend()
    expect((await ear.next()).presence).toMatchObject({ online: true })
  })

  test('who is online is told again after Redis has forgotten it', { timeout }, async () => {
    const redis = await startRedis()
    const nodes = await startTwoNodesOn([redis.url, redis.url], { presenceGrace: 0, presenceLease: LEASE })
    const { one, two, tom, jerry } = await startTalk(nodes)
    await openSignedInSocket(one.url, tom.accessToken)
    await openSignedInSocket(two.url, jerry.accessToken)
    const ears = [
      jerry.listen(watchPresence, { userIds: [tom.id] }),
      tom.listen(watchPresence, { userIds: [jerry.id] }),
    ]
    for (const ear of ears) for (let event = await ear.next(); !event.presence.online; event = await ear.next());
    await redis.kill()
    for (const ear of ears) expect((await ear.next()).presence).toMatchObject({ online: false })
    await redis.restart()
    for (const ear of ears) expect((await ear.next()).presence).toMatchObject({ online: true })
  })
})
