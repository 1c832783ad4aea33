import { expect, test } from 'vitest'
import { banMember, bannedUsers, unbanMember } from '../group/ban-operations.ts'
import {
  addMember,
  createGroup,
  groupById,
  groupMembers,
  joinGroup,
  leaveGroup,
  removeMember,
  setRole,
  transferOwnership,
} from '../group/operations.ts'
import type { TestUser } from '../support/testkit.ts'
import { INSTALLATIONS } from './installations.ts'

const timeout = 60_000 // ms; the first test starts PostgreSQL
const ROUNDS = 8

async function membersOf(reader: TestUser, id: string): Promise<Map<string, string>> {
  const { group } = await reader.request(groupMembers, { id, first: 200 })
  return new Map(group?.members.edges.map(({ node }) => [node.user.username, node.role]))
}

/** Starts all at once. @returns the codes of those that were refused */
async function race(...attempts: Promise<unknown>[]): Promise<unknown[]> {
  const outcomes = await Promise.allSettled(attempts)
  return outcomes.map((outcome) => (outcome.status === 'rejected' ? (outcome.reason.code ?? outcome.reason) : 'done'))
}

for (const [where, { suite, start }] of Object.entries(INSTALLATIONS)) {
  suite(`In a race ${where}`, () => {
    async function scene() {
      const [here, there] = await start()
      const [olga, adam, mallory] = await Promise.all([
        here.register('olga'),
        there.register('adam'),
        there.register('mallory'),
      ])
      const created = await olga.request(createGroup, { input: { name: 'Chess club', visibility: 'PUBLIC' } })
      return { olga, adam, mallory, groupId: created.createGroup.group.id }
    }

    test('nobody is both banned and a member, however he comes in meanwhile', { timeout }, async () => {
      const { olga, adam, mallory, groupId } = await scene()
      await olga.request(addMember, { groupId, user: { id: adam.id } })
      await olga.request(setRole, { groupId, user: { id: adam.id }, role: 'ADMIN' })
      const user = { id: mallory.id }

      for (let round = 0; round < ROUNDS; round++) {
        const outcomes = await race(
          mallory.request(joinGroup, { groupId }),
          olga.request(banMember, { groupId, user }),
          adam.request(addMember, { groupId, user }),
          mallory.request(joinGroup, { groupId }),
        )
        expect(outcomes[1]).toBe('done')
        const { group } = await olga.request(bannedUsers, { id: groupId })
        expect(group?.bannedUsers?.edges.map(({ node }) => node.username)).toEqual(['mallory'])
        const members = await membersOf(olga, groupId)
        expect([...members.keys()].sort()).toEqual(['adam', 'olga'])
        await expect(mallory.request(joinGroup, { groupId })).rejects.toBeDefined()
        await olga.request(unbanMember, { groupId, user })
      }
    })

    test('a group has one owner, whoever hands it on, leaves it or is thrown out', { timeout }, async () => {
      const { olga, adam, mallory, groupId } = await scene()
      const people = [olga, adam, mallory]
      for (const { id } of [adam, mallory]) await olga.request(addMember, { groupId, user: { id } })

      for (let round = 0; round < ROUNDS; round++) {
        const before = await membersOf(adam, groupId)
        const [owner, one, other] = people.toSorted(
          (a, b) => Number(before.get(b.username) === 'OWNER') - Number(before.get(a.username) === 'OWNER'),
        ) as [TestUser, TestUser, TestUser]
        expect(before.get(owner.username)).toBe('OWNER')
        const outcomes = await race(
          owner.request(transferOwnership, { groupId, user: { id: one.id } }),
          owner.request(transferOwnership, { groupId, user: { id: other.id } }),
          owner.request(removeMember, { groupId, user: { id: one.id } }),
          owner.request(setRole, { groupId, user: { id: other.id }, role: 'ADMIN' }),
          one.request(leaveGroup, { groupId }),
        )
        expect(outcomes).toContain('done')
        const { group } = await olga.request(groupById, { id: groupId })
        const members = await membersOf((await isIn(olga)) ? olga : adam, groupId)
        expect([...members.values()].filter((role) => role === 'OWNER')).toHaveLength(1)
        expect(group?.memberCount).toBe(members.size)
        for (const person of people) {
          if (!members.has(person.username)) await person.request(joinGroup, { groupId })
        }
      }

      async function isIn(person: TestUser): Promise<boolean> {
        return (await person.request(groupById, { id: groupId })).group?.viewerRole !== null
      }
    })

    test('who has lost his role does nothing more by it', { timeout }, async () => {
      const { olga, adam, mallory, groupId } = await scene()
      await olga.request(addMember, { groupId, user: { id: adam.id } })

      for (let round = 0; round < ROUNDS; round++) {
        await olga.request(setRole, { groupId, user: { id: adam.id }, role: 'ADMIN' })
        await mallory.request(joinGroup, { groupId })
        const refusals: unknown[] = []
        const demotion = olga.request(setRole, { groupId, user: { id: adam.id }, role: 'MEMBER' })
        const attempts = Array.from({ length: 6 }, async () => {
          await adam
            .request(removeMember, { groupId, user: { id: mallory.id } })
            .catch(({ code }) => refusals.push(code))
          await mallory.request(joinGroup, { groupId }).catch(() => {})
        })
        await Promise.all([demotion, ...attempts])
        for (const code of refusals) expect(['FORBIDDEN', 'NOT_FOUND']).toContain(code)
        await mallory.request(joinGroup, { groupId }).catch(() => {})

        await expect(adam.request(removeMember, { groupId, user: { id: mallory.id } })).rejects.toMatchObject({
          code: 'FORBIDDEN',
        })
        await expect(adam.request(setRole, { groupId, user: { id: adam.id }, role: 'ADMIN' })).rejects.toMatchObject({
          code: 'FORBIDDEN',
        })
        expect((await membersOf(olga, groupId)).has('mallory')).toBe(true)
        await olga.request(removeMember, { groupId, user: { id: mallory.id } })
      }
    })
  })
}
