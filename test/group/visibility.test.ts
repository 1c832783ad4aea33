import { describe, expect, test } from 'vitest'
import { graphql } from '../support/graphql.ts'
import { groupById, groupNode, removeMember } from './operations.ts'
import { groupScene } from './scene.ts'

const inside = graphql(`
  query Inside($id: ID!, $members: Boolean!, $messages: Boolean!, $last: Boolean!, $unread: Boolean!, $cursor: Boolean!) {
    group(id: $id) {
      members @include(if: $members) { edges { node { role } } }
      messages @include(if: $messages) { edges { node { id } } }
      lastMessage @include(if: $last) { id }
      unreadCount @include(if: $unread)
      cursor @include(if: $cursor)
    }
  }
`)
const nothing = { members: false, messages: false, last: false, unread: false, cursor: false }

describe('A private group', () => {
  test('is nothing to a stranger', async () => {
    const { server, stranger, groupId } = await groupScene()

    await expect(stranger.request(groupById, { id: groupId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await stranger.request(groupNode, { id: groupId })).toEqual({ node: null })
    await expect(server.anonymous.request(groupById, { id: groupId })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    })
    await expect(server.anonymous.request(groupNode, { id: groupId })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    })
  })

  test('is nothing any more to who was removed', async () => {
    const { owner, member, groupId } = await groupScene()
    expect((await member.request(groupNode, { id: groupId })).node).toMatchObject({ id: groupId, viewerRole: 'MEMBER' })

    await owner.request(removeMember, { groupId, user: { id: member.id } })

    expect(await member.request(groupNode, { id: groupId })).toEqual({ node: null })
  })
})

describe('A public group', () => {
  test('shows its details to everybody', async () => {
    const { stranger, groupId } = await groupScene('PUBLIC')

    const { group } = await stranger.request(groupById, { id: groupId })

    expect(group).toMatchObject({ name: 'Chess club', owner: { username: 'olga' }, memberCount: 4, viewerRole: null })
    expect((await stranger.request(groupNode, { id: groupId })).node).toMatchObject({ __typename: 'Group', ...group })
  })

  test('keeps what goes on in it for members', async () => {
    const { member, stranger, groupId } = await groupScene('PUBLIC')

    for (const field of Object.keys(nothing)) {
      const wanted = { id: groupId, ...nothing, [field]: true }
      await expect(stranger.request(inside, wanted), field).rejects.toMatchObject({
        code: 'FORBIDDEN',
        message: 'Join the group first.',
      })
      await expect(member.request(inside, wanted), field).resolves.toBeDefined()
    }
  })
})

test('The id of something else, or of nothing, is no group', async () => {
  const { owner } = await groupScene()

  for (const id of [owner.id, 'no id', '']) {
    await expect(owner.request(groupById, { id })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'id' })
  }
})
