import { describe, expect, test } from 'vitest'
import { decodeId } from '../../src/ids.ts'
import { addToGroup, deleteMessage, editMessage, groupHistory, removeFromGroup } from '../support/messages.ts'
import { deleteAccount } from '../user/operations.ts'
import { firstReactors, reactionsInGroup, removeReaction, seen } from './operations.ts'
import { reactionScene } from './scene.ts'

const HAND = [...'👍👎👌👏👋👊👆👇👈👉👐']

describe('Reactions', () => {
  test('are counted by emoji, in the order in which these came, with who left them', async () => {
    const { tom, jerry, spike, messageId, react } = await reactionScene()
    await react(jerry, '👍')
    await react(tom, '🧀')
    await react(spike, '👍')

    const { addReaction } = await react(jerry, '🧀')

    expect(addReaction.message.reactions).toEqual([
      { emoji: '👍', count: 2, viewerHasReacted: true, users: [{ username: 'jerry' }, { username: 'spike' }] },
      { emoji: '🧀', count: 2, viewerHasReacted: true, users: [{ username: 'tom' }, { username: 'jerry' }] },
    ])
    expect(addReaction.message.editedAt).toBeNull()
    await jerry.request(removeReaction, { messageId, emoji: '👍' })
    const { removeReaction: taken } = await spike.request(removeReaction, { messageId, emoji: '👍' })
    expect(taken.message.reactions).toMatchObject([{ emoji: '🧀', count: 2, viewerHasReacted: false }])
  })

  test('leaving one twice, or taking back what isn’t there, changes nothing', async () => {
    const { jerry, spike, messageId, react } = await reactionScene()
    const first = await react(jerry, '❤️')

    const again = await react(jerry, '❤')
    expect(again.addReaction).toEqual(first.addReaction)
    const { removeReaction: nothing } = await spike.request(removeReaction, { messageId, emoji: '❤️' })
    expect(nothing.cursor).toBe(first.addReaction.cursor)

    const taken = await jerry.request(removeReaction, { messageId, emoji: '❤' })
    expect(taken.removeReaction.message.reactions).toEqual([])
    const takenAgain = await jerry.request(removeReaction, { messageId, emoji: '❤️' })
    expect(takenAgain.removeReaction.cursor).toBe(taken.removeReaction.cursor)
  })

  test('are for members, on messages of people that are still there', async () => {
    const { server, tom, jerry, stranger, groupId, messageId, react } = await reactionScene()
    const { group } = await tom.request(groupHistory, { id: groupId, first: 1 })
    const systemId = group?.messages.edges[0]?.node.id ?? ''

    for (const change of [
      (who: typeof tom, id: string) => react(who, '👍', id),
      (who: typeof tom, id: string) => who.request(removeReaction, { messageId: id, emoji: '👍' }),
    ]) {
      await expect(change(stranger, messageId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await expect(change({ ...tom, ...server.anonymous }, messageId)).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
      })
      await expect(change(jerry, systemId)).rejects.toMatchObject({ code: 'FORBIDDEN' })
      await expect(change(jerry, groupId)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'messageId' })
    }
    await react(jerry, '👍')
    await tom.request(removeFromGroup, { groupId, username: 'jerry' })
    await expect(jerry.request(removeReaction, { messageId, emoji: '👍' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await seen(tom, messageId), 'what he left stays').toEqual(['👍 jerry'])

    await tom.request(deleteMessage, { messageId })
    await expect(react(tom, '👍')).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'messageId' })
  })

  test('are emoji', async () => {
    const { jerry, react } = await reactionScene()

    for (const emoji of ['a', '', '👍👍', '\ud83d', 'x'.repeat(10_000)]) {
      await expect(react(jerry, emoji)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'emoji' })
    }
  })

  test('of one person are ten on a message at most, whoever else has reacted', async () => {
    const { tom, jerry, messageId, react, say } = await reactionScene()
    for (const emoji of HAND.slice(0, 10)) await react(jerry, emoji)

    await expect(react(jerry, HAND[10] ?? '')).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'emoji' })
    await expect(react(jerry, HAND[0] ?? '')).resolves.toBeDefined()
    await react(tom, HAND[10] ?? '')
    await react(jerry, HAND[10] ?? '', (await say('Another')).message.id)
    await jerry.request(removeReaction, { messageId, emoji: HAND[0] ?? '' })
    await react(jerry, HAND[10] ?? '')
    expect(await seen(jerry, messageId)).toHaveLength(10)
  })

  test('are fifty different ones on a message at most; more people may leave those', async () => {
    const { server, tom, jerry, messageId, react } = await reactionScene()
    const faces = Array.from({ length: 50 }, (_, index) => String.fromCodePoint(0x1f600 + index))
    await server.app.services.database.write(async (tx) => {
      const id = decodeId(messageId, 'Message', 'messageId')
      const userId = decodeId(tom.id, 'User', 'userId')
      await tx.reaction.createMany({
        data: faces.map((emoji, index) => ({ messageId: id, userId, emoji, position: BigInt(index - 50) })),
      })
      await tx.message.update({ where: { id }, data: { reactionCount: faces.length } })
    })

    await expect(react(jerry, '🧀')).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'emoji' })
    const { addReaction } = await react(jerry, faces[7] ?? '')
    expect(addReaction.message.reactions.map(({ emoji }) => emoji)).toEqual(faces)
    expect(addReaction.message.reactions[7]).toMatchObject({ count: 2, viewerHasReacted: true })
  })

  test('show as many of their people as are asked for, the first ones first', async () => {
    const { tom, jerry, spike, messageId, react } = await reactionScene()
    for (const who of [spike, tom, jerry]) await react(who, '👍')
    await react(jerry, '🧀')
    const names = async (first?: number) => {
      const { node } = await tom.request(firstReactors, { messageId, ...(first !== undefined && { first }) })
      if (!node || !('reactions' in node)) throw new Error('There is no such message')
      return node.reactions.map(({ count, users }) => [count, ...users.map(({ username }) => username)])
    }

    expect(await names()).toEqual([
      [3, 'spike', 'tom', 'jerry'],
      [1, 'jerry'],
    ])
    expect(await names(2)).toEqual([
      [3, 'spike', 'tom'],
      [1, 'jerry'],
    ])
    expect(await names(0)).toEqual([[3], [1]])
    for (const first of [-1, 201]) {
      await expect(names(first)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'first' })
    }
  })

  test('survive an edit and go with the message', async () => {
    const { server, tom, jerry, messageId, react } = await reactionScene()
    await react(jerry, '👍')
    await tom.request(editMessage, { messageId, content: 'Cheese!' })
    expect(await seen(jerry, messageId)).toEqual(['👍 jerry'])

    await tom.request(deleteMessage, { messageId })

    expect(await seen(jerry, messageId)).toEqual([])
    expect(await server.app.services.database.read.reaction.count()).toBe(0)
  })

  test('go with the account', async () => {
    const { tom, jerry, spike, groupId, messageId, react, say } = await reactionScene()
    const other = (await say('Milk?')).message.id
    await react(jerry, '👍')
    await react(spike, '👍')
    await react(jerry, '🧀')
    await react(jerry, '🥛', other)

    await jerry.request(deleteAccount, { password: jerry.password })

    const { group } = await tom.request(reactionsInGroup, { groupId, last: 10 })
    const reactions = new Map(group?.messages.edges.map(({ node }) => [node.id, node.reactions]))
    expect(reactions.get(messageId)).toMatchObject([{ emoji: '👍', count: 1, users: [{ username: 'spike' }] }])
    expect(reactions.get(other)).toEqual([])
  })

  test('side by side are all counted, and each person’s end as he left them', async () => {
    const { server, tom, jerry, spike, groupId, messageId, react } = await reactionScene()
    const more = await Promise.all(['nibbles', 'butch', 'tuffy'].map((name) => server.register(name)))
    for (const { username } of more) await tom.request(addToGroup, { groupId, username })
    const crowd = [tom, jerry, spike, ...more]
    const emoji = HAND.slice(0, 3)

    await Promise.all(crowd.flatMap((who) => emoji.flatMap((one) => [react(who, one), react(who, one)])))
    expect((await seen(tom, messageId)).map((line) => line.split(' ').length - 1)).toEqual([6, 6, 6])
    // Each one's removals and additions compete: what is counted must be what there is.
    await Promise.all(
      crowd.flatMap((who) =>
        emoji.flatMap((one) => [
          who.request(removeReaction, { messageId, emoji: one }),
          react(who, one),
          who.request(removeReaction, { messageId, emoji: one }),
        ]),
      ),
    )

    const id = decodeId(messageId, 'Message', 'messageId')
    const { read } = server.app.services.database
    const { reactionCount } = await read.message.findUniqueOrThrow({ where: { id } })
    expect(await read.reaction.count({ where: { messageId: id } })).toBe(reactionCount)
    expect((await seen(tom, messageId)).flatMap((line) => line.split(' ').slice(1))).toHaveLength(reactionCount)
  })
})
