import { describe, expect, test } from 'vitest'
import { markRead } from '../conversation/operations.ts'
import { updateGroup } from '../group/operations.ts'
import { addToGroup, deleteMessage, removeFromGroup } from '../support/messages.ts'
import { deleteAccount } from '../user/operations.ts'
import { editMentions, groupMentions, listMentionCounts, mentionInDirect, mentionInGroup } from './operations.ts'
import { mentioned, mentionScene, names } from './scene.ts'

describe('A message mentions', () => {
  test('the members that it names, in any case, each once, in the order of its text', async () => {
    const { tom, spike, say } = await mentionScene()

    const message = await say(tom, '@spike.dog. Ask @JERRY or @jerry; not @stranger, @nobody or tom@spike.dog')

    expect(names(message)).toEqual(['spike.dog', 'Jerry'])
    expect(message.mentions[0]?.id).toBe(spike.id)
  })

  test('whoever bears the longer name, where a sentence’s end may belong to it', async () => {
    const { server, tom, groupId, say } = await mentionScene()
    await server.register('spike.dog.')
    expect(names(await say(tom, 'Ask @spike.dog.'))).toEqual(['spike.dog'])

    await tom.request(addToGroup, { groupId, username: 'spike.dog.' })

    expect(names(await say(tom, 'Ask @spike.dog.'))).toEqual(['spike.dog.'])
    expect(names(await say(tom, 'Ask @spike.dog...'))).toEqual(['spike.dog'])
  })

  test('who was a member then, whoever comes or goes later', async () => {
    const { server, tom, groupId, say } = await mentionScene()
    await server.register('tyke')
    await say(tom, '@Jerry and @tyke')
    await tom.request(removeFromGroup, { groupId, username: 'Jerry' })
    await tom.request(addToGroup, { groupId, username: 'tyke' })
    await say(tom, '@Jerry and @tyke again')

    const { group } = await tom.request(groupMentions, { id: groupId })
    const told = group?.messages.edges
      .filter(({ node }) => node.content?.startsWith('@'))
      .map(({ node }) => names(node))
    expect(told).toEqual([['Jerry'], ['tyke']])
  })

  test('whom it names once it is edited, and nobody once it is deleted', async () => {
    const { tom, jerry, spike, groupId, say } = await mentionScene()
    const { id: messageId } = await say(tom, '@jerry')
    const counts = () => Promise.all([jerry, spike].map((who) => mentioned(who, groupId)))
    expect(await counts()).toEqual([1, 0])

    const edit = (content: string) => tom.request(editMentions, { messageId, content })
    expect(names((await edit('@spike.dog')).editMessage.message)).toEqual(['spike.dog'])
    expect(await counts()).toEqual([0, 1])
    expect(names((await edit('Nobody')).editMessage.message)).toEqual([])
    expect(await counts()).toEqual([0, 0])
    await edit('@spike.dog @jerry')
    expect(await counts()).toEqual([1, 1])

    await tom.request(deleteMessage, { messageId })
    expect(await counts()).toEqual([0, 0])
    const { group } = await tom.request(groupMentions, { id: groupId })
    expect(group?.messages.edges.flatMap(({ node }) => names(node))).toEqual([])
  })

  test('nobody where it is the server’s', async () => {
    const { tom, jerry, groupId } = await mentionScene()

    await tom.request(updateGroup, { input: { groupId, name: '@jerry' } })

    const { group } = await jerry.request(groupMentions, { id: groupId })
    expect(group?.mentionCount).toBe(0)
    expect(group?.messages.edges.at(-1)?.node).toMatchObject({
      content: expect.stringContaining('@jerry'),
      mentions: [],
    })
  })

  test('the two of a direct conversation, from its first message on', async () => {
    const { tom, jerry } = await mentionScene()

    const { sendDirectMessage } = await tom.request(mentionInDirect, {
      to: 'jerry',
      content: '@jerry, @tom, @stranger',
    })

    expect(names(sendDirectMessage.message)).toEqual(['Jerry', 'tom'])
    expect(sendDirectMessage.message.conversation.mentionCount, 'of one’s own none is counted').toBe(0)
    const { conversations } = await jerry.request(listMentionCounts)
    expect(conversations.edges.find(({ node }) => node.id === sendDirectMessage.message.conversation.id)?.node).toEqual(
      {
        id: sendDirectMessage.message.conversation.id,
        unreadCount: 1,
        mentionCount: 1,
      },
    )
  })

  test('the same people when it is sent again', async () => {
    const { tom, jerry, groupId } = await mentionScene()
    const send = () => tom.request(mentionInGroup, { groupId, content: '@jerry', clientId: 'once' })
    const [first, second] = await Promise.all([send(), send()])

    expect(first).toEqual(second)
    expect((await send()).sendGroupMessage.message).toEqual(first.sendGroupMessage.message)
    expect(await mentioned(jerry, groupId)).toBe(1)
  })

  test('nobody whose account is gone: its number would tell whom the name meant', async () => {
    const { server, tom, jerry, groupId, say } = await mentionScene()
    await say(tom, '@jerry and @spike.dog')
    await tom.request(mentionInDirect, { to: 'jerry', content: '@jerry' })
    await jerry.request(deleteAccount, { password: jerry.password })

    const { group } = await tom.request(groupMentions, { id: groupId })
    expect(group?.messages.edges.flatMap(({ node }) => names(node))).toEqual(['spike.dog'])
    expect(await server.app.services.database.read.mention.count()).toBe(1)
    await say(tom, '@jerry')
    expect(await server.app.services.database.read.mention.count()).toBe(1)
  })
})

describe('The count of mentions', () => {
  test('is of what others wrote after the read mark', async () => {
    const { tom, jerry, groupId, say } = await mentionScene()
    const first = await say(tom, '@jerry one')
    await say(tom, 'nobody')
    await say(jerry, '@jerry, that’s me')
    const second = await say(tom, '@jerry two, @jerry')
    expect(await mentioned(jerry, groupId)).toBe(2)
    expect(await mentioned(tom, groupId)).toBe(0)

    await jerry.request(markRead, { conversationId: groupId, upToSeq: first.seq })
    expect(await mentioned(jerry, groupId)).toBe(1)
    await tom.request(deleteMessage, { messageId: first.id })
    expect(await mentioned(jerry, groupId)).toBe(1)
    await jerry.request(markRead, { conversationId: groupId, upToSeq: second.seq })
    expect(await mentioned(jerry, groupId)).toBe(0)
    await tom.request(editMentions, { messageId: second.id, content: '@jerry edited' })
    expect(await mentioned(jerry, groupId), 'of what was read nothing is new').toBe(0)
  })

  test('begins anew for who comes back', async () => {
    const { tom, jerry, groupId, say } = await mentionScene()
    await say(tom, '@jerry before')
    await tom.request(removeFromGroup, { groupId, username: 'jerry' })
    await expect(jerry.request(groupMentions, { id: groupId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await tom.request(addToGroup, { groupId, username: 'jerry' })

    expect(await mentioned(jerry, groupId)).toBe(0)
    await say(tom, '@jerry after')
    expect(await mentioned(jerry, groupId)).toBe(1)
  })
})
