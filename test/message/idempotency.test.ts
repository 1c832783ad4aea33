import { expect, test } from 'vitest'
import { deleteMessage, directHistory, editMessage, sendDirect } from '../support/messages.ts'
import { startServer } from '../support/testkit.ts'

async function tomWritingToJerry() {
  const server = await startServer()
  const tom = await server.register('tom')
  await server.register('jerry')
  const say = (content: string, clientId: string | null) =>
    tom.request(sendDirect, { input: { to: { username: 'jerry' }, content, clientId } })
  return { server, tom, say }
}

test('Retries side by side, on several devices, are one message', async () => {
  const { server, tom, say } = await tomWritingToJerry()
  const phone = await server.login(tom)

  const answers = await Promise.all([
    ...Array.from({ length: 10 }, () => say('Once', 'key')),
    phone.request(sendDirect, { input: { to: { username: 'jerry' }, content: 'Once', clientId: 'key' } }),
  ])

  expect(new Set(answers.map(({ sendDirectMessage }) => sendDirectMessage.message.id)).size).toBe(1)
  const { directConversation } = await tom.request(directHistory, { with: 'jerry' })
  expect(directConversation?.messages.edges).toHaveLength(1)
})

test('A retry finds its message as it is by now', async () => {
  const { tom, say } = await tomWritingToJerry()
  const { sendDirectMessage: first } = await say('Hello', 'key')

  await tom.request(editMessage, { messageId: first.message.id, content: 'Hello, Jerry' })
  expect((await say('Hello', 'key')).sendDirectMessage.message).toMatchObject({ seq: 1, content: 'Hello, Jerry' })

  await tom.request(deleteMessage, { messageId: first.message.id })
  expect((await say('Hello', 'key')).sendDirectMessage.message).toMatchObject({ seq: 1, content: null })
})

test('The same key with other content is a conflict, also side by side; other people’s keys are their own', async () => {
  const { server, tom, say } = await tomWritingToJerry()
  await say('One', 'key')
  await expect(say('Two', 'key')).rejects.toMatchObject({ code: 'CONFLICT', field: 'clientId' })

  const outcomes = await Promise.allSettled([say('Three', 'other'), say('Four', 'other')])
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])

  const spike = await server.register('spike')
  const { sendDirectMessage } = await spike.request(sendDirect, {
    input: { to: { id: tom.id }, content: 'Woof', clientId: 'key' },
  })
  expect(sendDirectMessage.message.content).toBe('Woof')
})
