import { describe, expect, test } from 'vitest'
import { directHistory, sendDirect } from '../support/messages.ts'
import {
  addMember,
  deleteGroup,
  groupById,
  joinGroup,
  leaveGroup,
  removeMember,
  setRole,
  transferOwnership,
} from './operations.ts'
import { groupScene, roles, told } from './scene.ts'

describe('Adding a member', () => {
  test('is for owner and admins', async () => {
    const { admin, member, stranger, groupId } = await groupScene()
    const him = { groupId, user: { username: 'SAM' } }
    await expect(member.request(addMember, him)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(stranger.request(addMember, him)).rejects.toMatchObject({ code: 'NOT_FOUND' })

    const { addGroupMember } = await admin.request(addMember, him)

    expect(addGroupMember.group.memberCount).toBe(5)
    expect(await roles(stranger, groupId)).toContain('sam MEMBER')
    expect((await told(stranger, groupId)).at(-1)).toBe('sam was added to the group')
  })

  test('refuses who is in already, and who doesn’t exist', async () => {
    const { owner, groupId } = await groupScene()
    const add = (username: string) => owner.request(addMember, { groupId, user: { username } })

    await expect(add('mia')).rejects.toMatchObject({ code: 'CONFLICT', field: 'user' })
    await expect(add('olga')).rejects.toMatchObject({ code: 'CONFLICT', field: 'user' })
    await expect(add('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('twice at once adds him once', async () => {
    const { owner, admin, stranger, groupId } = await groupScene()
    const him = { groupId, user: { id: stranger.id } }

    const attempts = await Promise.allSettled([owner.request(addMember, him), admin.request(addMember, him)])

    expect(attempts.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect((await told(owner, groupId)).filter((line) => line.startsWith('sam'))).toEqual([
      'sam was added to the group',
    ])
  })
})

describe('Removing a member', () => {
  test('is for owner and admins; an admin goes by the owner’s hand alone, the owner by nobody’s', async () => {
    const { server, owner, admin, member, otherMember, stranger, groupId } = await groupScene()
    const second = await server.register('anna')
    await owner.request(addMember, { groupId, user: { id: second.id } })
    await owner.request(setRole, { groupId, user: { id: second.id }, role: 'ADMIN' })
    const remove = (who: typeof owner, whom: typeof owner) =>
      who.request(removeMember, { groupId, user: { id: whom.id } })

    await expect(remove(member, otherMember)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(remove(stranger, member)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(remove(admin, second)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(remove(admin, owner)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(remove(admin, admin)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'user' })
    await expect(remove(owner, stranger)).rejects.toMatchObject({ code: 'NOT_FOUND' })

    await remove(admin, member)
    await remove(owner, second)

    expect(await roles(owner, groupId)).toEqual(['olga OWNER', 'adam ADMIN', 'max MEMBER'])
    expect((await told(owner, groupId)).slice(-2)).toEqual([
      'mia was removed from the group',
      'anna was removed from the group',
    ])
  })
})

describe('Roles', () => {
  test('are given by the owner', async () => {
    const { owner, admin, member, stranger, groupId } = await groupScene()
    const set = (who: typeof owner, whom: typeof owner, role: 'OWNER' | 'ADMIN' | 'MEMBER') =>
      who.request(setRole, { groupId, user: { id: whom.id }, role })

    await expect(set(admin, member, 'ADMIN')).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(set(member, member, 'ADMIN')).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(set(stranger, member, 'ADMIN')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(set(owner, member, 'OWNER')).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'role' })
    await expect(set(owner, owner, 'MEMBER')).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'user' })
    await expect(set(owner, stranger, 'ADMIN')).rejects.toMatchObject({ code: 'NOT_FOUND' })

    await set(owner, member, 'ADMIN')
    await set(owner, member, 'ADMIN')
    await set(owner, admin, 'MEMBER')

    expect(await roles(owner, groupId)).toEqual(['olga OWNER', 'adam MEMBER', 'mia ADMIN', 'max MEMBER'])
    expect((await told(owner, groupId)).slice(-2)).toEqual(['mia became an admin', 'adam is no longer an admin'])
  })

  test('the owner’s passes to a member, and he stays as an admin', async () => {
    const { owner, admin, member, stranger, groupId } = await groupScene()
    const transfer = (who: typeof owner, to: typeof owner) =>
      who.request(transferOwnership, { groupId, user: { id: to.id } })
    await expect(transfer(admin, member)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(transfer(stranger, stranger)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(transfer(owner, stranger)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(transfer(owner, owner)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'user' })

    const { transferGroupOwnership } = await transfer(owner, member)

    expect(transferGroupOwnership.group).toMatchObject({ owner: { username: 'mia' }, viewerRole: 'ADMIN' })
    expect(await roles(owner, groupId)).toEqual(['olga ADMIN', 'adam ADMIN', 'mia OWNER', 'max MEMBER'])
    expect((await told(owner, groupId)).at(-1)).toBe('mia became the owner')
    await expect(transfer(owner, owner)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})

describe('Joining and leaving', () => {
  test('a public group is open to everybody, once', async () => {
    const { stranger, member, groupId } = await groupScene('PUBLIC')

    await stranger.request(joinGroup, { groupId })
    const { joinGroup: again } = await stranger.request(joinGroup, { groupId })

    expect(again.group).toMatchObject({ viewerRole: 'MEMBER', memberCount: 5 })
    expect((await told(member, groupId)).filter((line) => line.startsWith('sam'))).toEqual(['sam joined the group'])
  })

  test('a private group can’t be joined, nor told from none', async () => {
    const { server, member, stranger, groupId } = await groupScene()
    const none = Buffer.from('Group:none').toString('base64url')

    for (const id of [groupId, none]) {
      await expect(stranger.request(joinGroup, { groupId: id })).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: 'Group not found.',
      })
    }
    await expect(server.anonymous.request(joinGroup, { groupId })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    const { joinGroup: inAlready } = await member.request(joinGroup, { groupId })
    expect(inAlready.group.viewerRole).toBe('MEMBER')
  })

  test('members and admins leave; the owner sees to a successor first', async () => {
    const { owner, admin, member, stranger, groupId } = await groupScene()
    await expect(stranger.request(leaveGroup, { groupId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(owner.request(leaveGroup, { groupId })).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('transferGroupOwnership'),
    })

    const { leaveGroup: left } = await member.request(leaveGroup, { groupId })
    await admin.request(leaveGroup, { groupId })

    expect(left.leftGroupId).toBe(groupId)
    expect(await roles(owner, groupId)).toEqual(['olga OWNER', 'max MEMBER'])
    expect((await told(owner, groupId)).slice(-2)).toEqual(['mia left the group', 'adam left the group'])
    await expect(member.request(leaveGroup, { groupId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('who comes back starts anew', async () => {
    const { owner, member, groupId } = await groupScene()
    await owner.request(setRole, { groupId, user: { id: member.id }, role: 'ADMIN' })
    await member.request(leaveGroup, { groupId })

    await owner.request(addMember, { groupId, user: { id: member.id } })

    expect(await roles(member, groupId)).toEqual(['olga OWNER', 'adam ADMIN', 'max MEMBER', 'mia MEMBER'])
  })

  test('a direct conversation is no group, whatever its id says', async () => {
    const { owner } = await groupScene()
    await owner.request(sendDirect, { input: { to: { username: 'sam' }, content: 'Hello' } })
    const { directConversation } = await owner.request(directHistory, { with: 'sam' })
    const [, id] = Buffer.from(directConversation?.id ?? '', 'base64url')
      .toString()
      .split(':')
    const groupId = Buffer.from(`Group:${id}`).toString('base64url')

    await expect(owner.request(joinGroup, { groupId: owner.id })).rejects.toMatchObject({ field: 'groupId' })
    await expect(owner.request(groupById, { id: groupId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    for (const operation of [joinGroup, leaveGroup, deleteGroup]) {
      await expect(
        owner.post({ query: operation.toString(), variables: { groupId } }).then((r) => r.json()),
      ).resolves.toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] })
    }
  })
})
