import { describe, expect, test } from 'vitest'
import { listenToGroup, listenToInbox, sendDirect } from '../support/messages.ts'
import type { TestUser } from '../support/testkit.ts'
import { banMember, bannedUsers, unbanMember } from './ban-operations.ts'
import { addMember, closeAccount, joinGroup, setRole } from './operations.ts'
import { groupScene, roles, told } from './scene.ts'

function ban(who: TestUser, whom: TestUser, groupId: string) {
  return who.request(banMember, { groupId, user: { id: whom.id } })
}

async function listBanned(viewer: TestUser, id: string, page = {}) {
  const list = (await viewer.request(bannedUsers, { id, ...page })).group?.bannedUsers
  return list && { names: list.edges.map(({ node }) => node.username), ...list.pageInfo }
}

describe('Banning', () => {
  test('is for owner and admins; of an admin, for the owner alone, and of the owner, for nobody', async () => {
    const { server, owner, admin, member, otherMember, stranger, groupId } = await groupScene()
    const second = await server.register('anna')
    await owner.request(addMember, { groupId, user: { id: second.id } })
    await owner.request(setRole, { groupId, user: { id: second.id }, role: 'ADMIN' })

    await expect(ban(member, otherMember, groupId)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(ban(stranger, member, groupId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(ban(admin, second, groupId)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(ban(admin, owner, groupId)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(ban(admin, admin, groupId)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'user' })
    expect((await listBanned(owner, groupId))?.names).toEqual([])

    await ban(admin, member, groupId)
    await ban(owner, second, groupId)
    await ban(owner, second, groupId)

    expect(await roles(owner, groupId)).toEqual(['olga OWNER', 'adam ADMIN', 'max MEMBER'])
    expect((await told(owner, groupId)).slice(-2)).toEqual([
      'mia was banned from the group',
      'anna was banned from the group',
    ])
  })

  test('leaves no way back in until it is lifted', async () => {
    const { owner, admin, member, stranger, groupId } = await groupScene('PUBLIC')
    await ban(owner, member, groupId)
    const addHim = () => admin.request(addMember, { groupId, user: { id: member.id } })

    await expect(member.request(joinGroup, { groupId })).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: 'You are banned from the group.',
    })
    await expect(addHim()).rejects.toMatchObject({ code: 'CONFLICT', field: 'user' })
    for (const who of [member, stranger]) {
      await expect(who.request(unbanMember, { groupId, user: { id: member.id } })).rejects.toMatchObject({
        code: 'FORBIDDEN',
      })
    }

    await admin.request(unbanMember, { groupId, user: { id: member.id } })
    await admin.request(unbanMember, { groupId, user: { id: member.id } })
    await member.request(joinGroup, { groupId })
    expect(await roles(owner, groupId)).toContain('mia MEMBER')
    await ban(owner, member, groupId)
    await owner.request(unbanMember, { groupId, user: { id: member.id } })
    await addHim()
  })

  test('also keeps out who was never in, of which the members aren’t told', async () => {
    const { owner, member, stranger, groupId } = await groupScene()
    const before = await told(owner, groupId)

    await ban(owner, stranger, groupId)

    expect(await told(owner, groupId)).toEqual(before)
    await expect(owner.request(addMember, { groupId, user: { id: stranger.id } })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    await expect(stranger.request(joinGroup, { groupId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(member.request(unbanMember, { groupId, user: { id: stranger.id } })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
  })

  test('ends his streams, and the others hear of it, resumed ones too', async () => {
    const { owner, admin, member, groupId } = await groupScene()
    const [inGroup, inbox] = [member.listen(listenToGroup, { groupId }), member.listen(listenToInbox, {})]
    const others = admin.listen(listenToGroup, { groupId })
    await Promise.all([inGroup.ready, inbox.ready, others.ready])

    await ban(owner, member, groupId)

    await inGroup.ended
    expect(inGroup.untaken).toEqual([])
    await owner.request(sendDirect, { input: { to: { id: member.id }, content: 'Sorry' } })
    expect((await inbox.next()).inbox.message.content).toBe('Sorry')
    const live = (await others.next()).groupMessages
    expect(live.message).toMatchObject({ content: 'was banned from the group', sender: { username: 'mia' } })
    await ban(owner, admin, groupId)
    await others.ended
    const resumed = owner.listen(listenToGroup, { groupId, after: live.cursor })
    expect((await resumed.next()).groupMessages.message).toMatchObject({
      content: 'was banned from the group',
      sender: { username: 'adam' },
    })
    await expect(member.listen(listenToGroup, { groupId, after: live.cursor }).next()).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  test('and joining at once leaves nobody in who is banned', async () => {
    const { server, owner, groupId } = await groupScene('PUBLIC')
    const crowd = await Promise.all(['ann', 'bob', 'cid', 'dan', 'eve'].map((name) => server.register(name)))

    await Promise.allSettled(crowd.flatMap((one) => [one.request(joinGroup, { groupId }), ban(owner, one, groupId)]))

    expect((await listBanned(owner, groupId))?.names.toSorted()).toEqual(['ann', 'bob', 'cid', 'dan', 'eve'])
    expect(await roles(owner, groupId)).toHaveLength(4)
  })
})

test('The banned are listed for owner and admins alone, in pages, without deleted accounts', async () => {
  const { owner, admin, member, otherMember, stranger, groupId } = await groupScene('PUBLIC')
  for (const one of [otherMember, stranger]) await ban(owner, one, groupId)
  await ban(admin, member, groupId)

  expect((await listBanned(admin, groupId))?.names).toEqual(['max', 'sam', 'mia'])
  const first = await listBanned(owner, groupId, { first: 1 })
  expect(first).toMatchObject({ names: ['max'], hasNextPage: true })
  expect(await listBanned(owner, groupId, { after: first?.endCursor })).toMatchObject({ names: ['sam', 'mia'] })
  const last = await listBanned(owner, groupId, { last: 1 })
  expect(await listBanned(owner, groupId, { last: 1, before: last?.startCursor })).toMatchObject({ names: ['sam'] })

  await owner.request(unbanMember, { groupId, user: { id: otherMember.id } })
  await otherMember.request(joinGroup, { groupId })
  expect(await listBanned(otherMember, groupId)).toBeNull()
  expect(await listBanned(stranger, groupId)).toBeNull()
  await stranger.request(closeAccount, { password: stranger.password })
  expect((await listBanned(owner, groupId))?.names).toEqual(['mia'])
})
