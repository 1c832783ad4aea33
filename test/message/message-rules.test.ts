import { describe, expect, test } from 'vitest'
import { graphql } from '../support/graphql.ts'
import {
  deleteMessage,
  directHistory,
  editMessage,
  listenToDirect,
  listenToGroup,
  newGroup,
  removeFromGroup,
  sendDirect,
  sendToGroup,
} from '../support/messages.ts'
import { startServer } from '../support/testkit.ts'

const messageNode = graphql(`
  query MessageNode($id: ID!) {
    node(id: $id) { id ... on Message { content } }
  }
`)

async function household() {
  const server = await startServer()
  const [tom, jerry, spike] = await Promise.all(['tom', 'jerry', 'spike'].map((name) => server.register(name)))
  if (!tom || !jerry || !spike) throw new Error('Nobody is at home')
  const { createGroup } = await tom.request(newGroup, { name: 'The house', memberIds: [jerry.id] })
  return { server, tom, jerry, spike, groupId: createGroup.group.id }
}

describe('Sending', () => {
  test('goes to anyone but oneself, and to nobody unknown', async () => {
    const { server, tom } = await household()
    const to = (username: string) => ({ input: { to: { username }, content: 'Hello' } })

    await expect(tom.request(sendDirect, to('tom'))).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'to' })
    await expect(tom.request(sendDirect, to('nobody'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(server.anonymous.request(sendDirect, to('tom'))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  test('into a group needs a member; a stranger can’t tell that a private one exists', async () => {
    const { tom, spike, groupId } = await household()
    const { createGroup } = await tom.request(newGroup, { name: 'The street', visibility: 'PUBLIC' })
    const into = (id: string) => ({ input: { groupId: id, content: 'Hello' } })

    await expect(spike.request(sendToGroup, into(groupId))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(spike.request(sendToGroup, into(createGroup.group.id))).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(spike.request(sendToGroup, into(spike.id))).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'groupId',
    })
  })

  test.each([
    ['nothing at all', {}, 'content'],
    ['white space', { content: ' \n\t' }, 'content'],
    ['more than 4,000 characters', { content: 'x'.repeat(4_001) }, 'content'],
    ['NUL', { content: 'a\0b' }, 'content'],
    ['half a surrogate pair', { content: 'a\ud800b' }, 'content'],
    ['a medium of another scheme', { mediaUrl: 'javascript:alert(1)' }, 'mediaUrl'],
    ['a medium that is no URL', { mediaUrl: 'cheese.jpg' }, 'mediaUrl'],
    ['a kind that isn’t his', { content: 'x', kind: 'SYSTEM' as const }, 'kind'],
    ['a kind without its medium', { content: 'x', kind: 'IMAGE' as const }, 'kind'],
    ['an unknown message to reply to', { content: 'x', replyToId: 'x' }, 'replyToId'],
    ['an empty clientId', { content: 'x', clientId: '' }, 'clientId'],
  ])('refuses %s', async (_what, input, field) => {
    const { tom } = await household()

    const sending = tom.request(sendDirect, { input: { to: { username: 'jerry' }, ...input } })

    await expect(sending).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field })
  })

  test.each([
    [{ content: '😀'.repeat(4_000) }, 'TEXT'],
    [{ content: null, mediaUrl: 'https://example.com/a/b.png?size=3#x' }, 'IMAGE'],
    [{ content: null, mediaUrl: 'https://example.com/film.mp4' }, 'VIDEO'],
    [{ mediaUrl: 'https://example.com/song.mp3', content: 'listen' }, 'AUDIO'],
    [{ content: '', mediaUrl: 'https://example.com/paper.pdf' }, 'FILE'],
    [{ content: null, mediaUrl: 'https://example.com/' }, 'FILE'],
    [{ content: null, mediaUrl: 'https://example.com/stream', kind: 'AUDIO' as const }, 'AUDIO'],
  ])('takes %j as %s', async (input, kind) => {
    const { tom } = await household()

    const { sendDirectMessage } = await tom.request(sendDirect, { input: { to: { username: 'jerry' }, ...input } })

    expect(sendDirectMessage.message).toMatchObject({ kind, content: input.content })
  })

  test('answers only messages of the same conversation', async () => {
    const { tom, groupId } = await household()
    const { sendGroupMessage } = await tom.request(sendToGroup, { input: { groupId, content: 'Who?' } })

    const sending = tom.request(sendDirect, {
      input: { to: { username: 'jerry' }, content: 'Me', replyToId: sendGroupMessage.message.id },
    })

    await expect(sending).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'replyToId' })
  })
})

describe('Editing and deleting', () => {
  test('is for the sender; who manages a group may delete there, too', async () => {
    const { tom, jerry, spike, groupId } = await household()
    const { sendGroupMessage: jerrys } = await jerry.request(sendToGroup, { input: { groupId, content: 'Mine' } })
    const { sendGroupMessage: toms } = await tom.request(sendToGroup, { input: { groupId, content: 'Yours' } })
    const messageId = jerrys.message.id

    await expect(tom.request(editMessage, { messageId, content: 'x' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(spike.request(editMessage, { messageId, content: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(spike.request(deleteMessage, { messageId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(jerry.request(deleteMessage, { messageId: toms.message.id })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    await expect(jerry.request(editMessage, { messageId, content: ' ' })).rejects.toMatchObject({ field: 'content' })

    const { deleteMessage: deleted } = await tom.request(deleteMessage, { messageId })
    expect(deleted.message).toMatchObject({ content: null, seq: jerrys.message.seq })
    const { deleteMessage: again } = await jerry.request(deleteMessage, { messageId })
    expect(again.cursor).toBe(deleted.cursor)
    await expect(jerry.request(editMessage, { messageId, content: 'x' })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    })
  })

  test('an edit that changes nothing is no change', async () => {
    const { tom, groupId } = await household()
    const { sendGroupMessage } = await tom.request(sendToGroup, { input: { groupId, content: 'Same' } })

    const edit = { messageId: sendGroupMessage.message.id, content: 'Same' }

    expect((await tom.request(editMessage, edit)).editMessage).toMatchObject({
      cursor: sendGroupMessage.cursor,
      message: { editedAt: null },
    })
  })
})

describe('Reading', () => {
  test('strangers find neither messages nor streams', async () => {
    const { server, tom, spike, groupId } = await household()
    const { sendGroupMessage } = await tom.request(sendToGroup, { input: { groupId, content: 'Secret' } })
    await tom.request(sendDirect, { input: { to: { username: 'jerry' }, content: 'Secret' } })

    expect((await spike.request(messageNode, { id: sendGroupMessage.message.id })).node).toBeNull()
    expect((await tom.request(messageNode, { id: sendGroupMessage.message.id })).node).toMatchObject({
      content: 'Secret',
    })
    expect((await spike.request(directHistory, { with: 'tom' })).directConversation).toBeNull()
    await expect(spike.listen(listenToGroup, { groupId }).next()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(spike.listen(listenToDirect, { with: 'spike' }).next()).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'with',
    })
    await expect(server.anonymous.listen(listenToGroup, { groupId }).next()).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    })
  })

  test('a removed member’s stream ends at once, without the message that tells of it', async () => {
    const { tom, jerry, groupId } = await household()
    const toms = tom.listen(listenToGroup, { groupId })
    const jerrys = jerry.listen(listenToGroup, { groupId })
    await Promise.all([toms.ready, jerrys.ready])

    await tom.request(removeFromGroup, { groupId, username: 'jerry' })

    await jerrys.ended
    expect(jerrys.untaken).toEqual([])
    expect((await toms.next()).groupMessages.message).toMatchObject({
      kind: 'SYSTEM',
      content: 'was removed from the group',
      sender: { username: 'jerry' },
    })
  })
})
