import { expect, test } from 'vitest'
import { closeAccount, createGroup, groupById, leaveGroup, setRole } from './operations.ts'
import { groupScene, roles, told } from './scene.ts'

test('A deleted owner’s group passes to its longest-standing admin', async () => {
  const { owner, admin, member, groupId } = await groupScene()

  await owner.request(closeAccount, { password: owner.password })

  expect(await roles(member, groupId)).toEqual(['adam OWNER', 'mia MEMBER', 'max MEMBER'])
  const [left, passed] = (await told(admin, groupId)).slice(-2)
  expect(left).toMatch(/^deleted-\w+ left the group$/)
  expect(passed).toBe('adam became the owner')
})

test('Without an admin it passes to the longest-standing member', async () => {
  const { owner, admin, member, groupId } = await groupScene()
  await owner.request(setRole, { groupId, user: { id: admin.id }, role: 'MEMBER' })
  await admin.request(leaveGroup, { groupId })

  await owner.request(closeAccount, { password: owner.password })

  expect(await roles(member, groupId)).toEqual(['mia OWNER', 'max MEMBER'])
})

test('A group in which nobody is left is deleted, and others stay as they are', async () => {
  const { server, owner, member, groupId } = await groupScene()
  const { createGroup: alone } = await member.request(createGroup, { input: { name: 'Alone', visibility: 'PUBLIC' } })

  await member.request(closeAccount, { password: member.password })

  await expect(owner.request(groupById, { id: alone.group.id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await roles(owner, groupId)).toEqual(['olga OWNER', 'adam ADMIN', 'max MEMBER'])
  expect(await server.app.services.database.read.conversation.count()).toBe(1)
})
