import { expect, test } from 'vitest'
import { directHistory, listenToInbox, sendDirect } from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import type { Client } from '../support/testkit.ts'
import { startTwoNodes, timeout } from './two-nodes.ts'

const ROUNDS = 4

const write = (here: Client, username: string, content: string, clientId?: string) =>
  here.request(sendDirect, { input: { to: { username }, content, clientId } })

needs('redis', 'postgres')('At two nodes at once', () => {
  test('a message that is sent again under its key is the same one', { timeout }, async () => {
    const [one, two] = await startTwoNodes()
    const [tom] = await Promise.all([one.register('tom'), two.register('jerry')])
    const tomAtTwo = two.withToken(tom.accessToken)
    const first = await write(tom, 'jerry', 'Hello', 'key')
    expect(await write(tomAtTwo, 'jerry', 'Hello', 'key')).toEqual(first)
    await expect(write(tomAtTwo, 'jerry', 'Bye', 'key')).rejects.toMatchObject({ code: 'CONFLICT', field: 'clientId' })

    for (let round = 0; round < 3 * ROUNDS; round++) {
      const both = [tom, tomAtTwo, tom, tomAtTwo]
      const answers = await Promise.all(both.map((here) => write(here, 'jerry', 'Hello', `key ${round}`)))
      expect(new Set(answers.map((answer) => answer.sendDirectMessage.message.id)).size).toBe(1)
      const others = await Promise.allSettled([
        write(tom, 'jerry', 'One', `other ${round}`),
        write(tomAtTwo, 'jerry', 'Two', `other ${round}`),
      ])
      expect(others.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      const refused = others.find((outcome) => outcome.status === 'rejected')
      expect(refused?.reason).toMatchObject({ code: 'CONFLICT', field: 'clientId' })
    }
    const { directConversation } = await tom.request(directHistory, { with: 'jerry', first: 100 })
    expect(directConversation?.messages.edges.map(({ node }) => node.seq)).toEqual(
      Array.from({ length: 1 + 6 * ROUNDS }, (_, index) => index + 1),
    )
  })

  test('a name is given to one person', { timeout }, async () => {
    const nodes = await startTwoNodes()
    for (let round = 0; round < ROUNDS; round++) {
      const outcomes = await Promise.allSettled(nodes.map((node) => node.register(`tom_${round}`)))
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      const refused = outcomes.find((outcome) => outcome.status === 'rejected')
      expect(refused?.reason).toMatchObject({ code: 'CONFLICT', field: 'username' })
    }
  })

  test('two who write to each other for the first time are in one conversation', { timeout }, async () => {
    const [one, two] = await startTwoNodes()
    for (let round = 0; round < ROUNDS; round++) {
      const names = [`tom_${round}`, `jerry_${round}`] as const
      const [tom, jerry] = await Promise.all([one.register(names[0]), two.register(names[1])])
      const inboxes = [tom, jerry].map((here) => here.listen(listenToInbox))
      for (const { ready } of inboxes) await ready

      const answers = await Promise.all([write(tom, names[1], 'Hello'), write(jerry, names[0], 'Hello')])
      const messages = answers.map(({ sendDirectMessage }) => sendDirectMessage.message)
      expect(new Set(messages.map(({ conversation }) => conversation.id)).size).toBe(1)
      const inOrder = messages.toSorted((a, b) => a.seq - b.seq).map(({ id }) => id)
      expect(messages.map(({ seq }) => seq).toSorted()).toEqual([1, 2])
      for (const inbox of inboxes) {
        const heard = [(await inbox.next()).inbox, (await inbox.next()).inbox]
        expect(heard.map(({ type }) => type)).toEqual(['CREATED', 'CREATED'])
        expect(heard.map(({ message }) => message.id)).toEqual(inOrder)
      }
    }
  })
})
