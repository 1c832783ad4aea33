import { describe, expect, test } from 'vitest'
import { startServer } from '../support/testkit.ts'
import { createGroup, deleteGroup, groupById, updateGroup } from './operations.ts'
import { groupScene, roles, told } from './scene.ts'

describe('Creating a group', () => {
  test('makes its creator the owner, of a private one unless told', async () => {
    const server = await startServer()
    const tom = await server.register('tom')

    const { createGroup: created } = await tom.request(createGroup, {
      input: { name: '  Chess club ', description: ' We play. ', avatarUrl: 'https://example.com/chess.png' },
    })

    expect(created.group).toMatchObject({
      name: 'Chess club',
      description: 'We play.',
      avatarUrl: 'https://example.com/chess.png',
      visibility: 'PRIVATE',
      owner: { username: 'tom' },
      memberCount: 1,
      viewerRole: 'OWNER',
    })
    expect(await told(tom, created.group.id)).toEqual(['tom created the group'])
  })

  test('takes first members, whatever double ones and oneself are among them', async () => {
    const server = await startServer()
    const tom = await server.register('tom')
    const jerry = await server.register('jerry')

    const { createGroup: created } = await tom.request(createGroup, {
      input: { name: 'House', memberIds: [jerry.id, tom.id, jerry.id] },
    })

    const { id, memberCount } = created.group
    expect(memberCount).toBe(2)
    expect(await roles(tom, id)).toEqual(expect.arrayContaining(['tom OWNER', 'jerry MEMBER']))
    expect(await told(jerry, id)).toEqual(['tom created the group', 'jerry was added to the group'])
  })

  test('with a member that doesn’t exist creates nothing', async () => {
    const server = await startServer()
    const tom = await server.register('tom')
    const stranger = Buffer.from('User:00000000-0000-7000-8000-000000000000').toString('base64url')
    const { createGroup: other } = await tom.request(createGroup, { input: { name: 'Other' } })

    for (const id of [stranger, 'no id', other.group.id]) {
      const creating = tom.request(createGroup, { input: { name: 'House', memberIds: [id] } })
      await expect(creating).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'memberIds' })
    }
    const many = tom.request(createGroup, { input: { name: 'House', memberIds: Array(201).fill(tom.id) } })
    await expect(many).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'memberIds' })
    expect(await server.app.services.database.read.conversation.count()).toBe(1)
  })

  test.each([
    ['an empty name', { name: ' ' }, 'name'],
    ['a name of 81 characters', { name: 'x'.repeat(81) }, 'name'],
    ['a name with NUL', { name: 'a\0b' }, 'name'],
    ['a description of 1,001 characters', { name: 'x', description: 'x'.repeat(1_001) }, 'description'],
    ['a picture that is no URL', { name: 'x', avatarUrl: 'chess.png' }, 'avatarUrl'],
  ])('refuses %s', async (_what, input, field) => {
    const server = await startServer()
    const tom = await server.register('tom')

    await expect(tom.request(createGroup, { input })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field })
  })

  test('counts characters as people do', async () => {
    const server = await startServer()
    const tom = await server.register('tom')

    const { createGroup: created } = await tom.request(createGroup, { input: { name: '😀'.repeat(80) } })

    expect(created.group.name).toBe('😀'.repeat(80))
  })

  test('needs somebody who is signed in', async () => {
    const server = await startServer()

    const creating = server.anonymous.request(createGroup, { input: { name: 'House' } })

    await expect(creating).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })
})

describe('Changing a group', () => {
  test('is for owner and admins, and told in it', async () => {
    const { owner, admin, member, stranger, groupId } = await groupScene()
    const change = { input: { groupId, name: 'Go club' } }
    await expect(member.request(updateGroup, change)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(stranger.request(updateGroup, change)).rejects.toMatchObject({ code: 'NOT_FOUND' })

    const { updateGroup: renamed } = await admin.request(updateGroup, change)
    const avatarUrl = 'https://example.com/go.png'
    await owner.request(updateGroup, {
      input: { groupId, description: 'Black and white', avatarUrl, visibility: 'PUBLIC' },
    })

    expect(renamed.group).toMatchObject({ name: 'Go club', viewerRole: 'ADMIN' })
    expect((await told(member, groupId)).slice(-4)).toEqual([
      'adam renamed the group to “Go club”',
      'olga changed the group’s description',
      'olga changed the group’s picture',
      'olga made the group public',
    ])
  })

  test('leaves what is left out, clears what is null, and says nothing where nothing changes', async () => {
    const { owner, groupId } = await groupScene()
    await owner.request(updateGroup, { input: { groupId, description: 'We play.' } })
    const before = await told(owner, groupId)

    const { updateGroup: same } = await owner.request(updateGroup, {
      input: { groupId, name: ' Chess club ', description: 'We play.', visibility: null },
    })
    expect(same.group).toMatchObject({ name: 'Chess club', description: 'We play.', visibility: 'PRIVATE' })
    expect(await told(owner, groupId)).toEqual(before)

    const { updateGroup: cleared } = await owner.request(updateGroup, { input: { groupId, description: null } })
    expect(cleared.group).toMatchObject({ name: 'Chess club', description: null })
  })

  test('refuses a name that is none', async () => {
    const { owner, groupId } = await groupScene()

    const renaming = owner.request(updateGroup, { input: { groupId, name: '' } })

    await expect(renaming).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'name' })
  })
})

describe('Deleting a group', () => {
  test('is for the owner alone, and takes everything with it', async () => {
    const { server, owner, admin, member, stranger, groupId } = await groupScene()
    await expect(admin.request(deleteGroup, { groupId })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(member.request(deleteGroup, { groupId })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(stranger.request(deleteGroup, { groupId })).rejects.toMatchObject({ code: 'NOT_FOUND' })

    const { deleteGroup: deleted } = await owner.request(deleteGroup, { groupId })

    expect(deleted.deletedGroupId).toBe(groupId)
    await expect(owner.request(groupById, { id: groupId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(owner.request(deleteGroup, { groupId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const { read } = server.app.services.database
    expect([await read.member.count(), await read.message.count()]).toEqual([0, 0])
  })
})
