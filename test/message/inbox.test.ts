import { expect, test } from 'vitest'
import { addToGroup, listenToInbox, newGroup, removeFromGroup, sendDirect, sendToGroup } from '../support/messages.ts'
import { startServer } from '../support/testkit.ts'

test.each(['listen', 'listenOverSse'] as const)(
  'An inbox (%s) hears every conversation, those entered later included',
  async (listen) => {
    const server = await startServer()
    const [tom, jerry, spike] = await Promise.all(['tom', 'jerry', 'spike'].map((name) => server.register(name)))
    if (!tom || !jerry || !spike) throw new Error('Nobody is at home')
    const { createGroup: house } = await tom.request(newGroup, { name: 'The house', memberIds: [jerry.id] })
    const inbox = jerry[listen](listenToInbox, {})
    await inbox.ready
    const nextHeard = async () => {
      const { message } = (await inbox.next()).inbox
      return `${message.sender.username}: ${message.content}`
    }

    await tom.request(sendToGroup, { input: { groupId: house.group.id, content: 'Hello' } })
    expect(await nextHeard()).toBe('tom: Hello')

    await spike.request(sendDirect, { input: { to: { username: 'jerry' }, content: 'Woof' } })
    expect(await nextHeard()).toBe('spike: Woof')

    await jerry.request(sendDirect, { input: { to: { username: 'spike' }, content: 'Help!' } })
    expect(await nextHeard()).toBe('jerry: Help!')

    const { createGroup: street } = await spike.request(newGroup, { name: 'The street' })
    await spike.request(addToGroup, { groupId: street.group.id, username: 'jerry' })
    expect(await nextHeard()).toBe('jerry: was added to the group')

    await tom.request(removeFromGroup, { groupId: house.group.id, username: 'jerry' })
    await tom.request(sendToGroup, { input: { groupId: house.group.id, content: 'Not for Jerry' } })
    await spike.request(sendToGroup, { input: { groupId: street.group.id, content: 'For Jerry' } })
    expect(await nextHeard()).toBe('spike: For Jerry')
  },
)
