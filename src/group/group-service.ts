import type { Viewer } from '../auth/viewer.ts'
import { requireUnblocked } from '../block/block-rules.ts'
import { badInput, conflict, forbidden, notFound } from '../errors.ts'
import type { Conversation, MemberRole } from '../generated/prisma/client.ts'
import { newId } from '../ids.ts'
import { findBlocked, type UserPair } from '../log/blocked-pairs.ts'
import type { LogTransaction } from '../log/log-transaction.ts'
import type { Writer } from '../log/writer.ts'
import { noteReferences } from '../media/media-references.ts'
import { enter } from './arrival.ts'
import { depart, dissolve, makeOwner } from './departure.ts'
import { describeChanges, type GroupDetails, mergeDetails } from './group-details.ts'
import {
  findMember,
  isBanned,
  requireManager,
  requireMember,
  requireOwner,
  requireRemovable,
  requireTarget,
} from './group-rules.ts'

const MOST_FIRST_MEMBERS = 200 // in one request

export interface NewGroup extends GroupDetails {
  name: string
  memberIds: string[]
}

/**
 * The rules of groups. Each of its changes is told in the group by a SYSTEM message.
 * Whoever isn't a member gets NOT_FOUND of a private group, FORBIDDEN of a public one.
 */
export interface GroupService {
  /** @throws ChatError BAD_USER_INPUT, also where one of the first members doesn't exist */
  create(viewer: Viewer, group: NewGroup): Promise<Conversation>
  /** For owner and admins. @throws ChatError BAD_USER_INPUT */
  update(viewer: Viewer, groupId: string, details: GroupDetails): Promise<Conversation>
  /** For the owner. */
  delete(viewer: Viewer, groupId: string): Promise<void>
  /** For owner and admins. @throws ChatError CONFLICT where he is in already, or banned; NOT_FOUND where one blocks the other */
  addMember(viewer: Viewer, groupId: string, userId: string): Promise<Conversation>
  /** For owner and admins; of an admin, for the owner alone. @throws ChatError NOT_FOUND where he isn't in */
  removeMember(viewer: Viewer, groupId: string, userId: string): Promise<Conversation>
  /** For the owner. @throws ChatError BAD_USER_INPUT for the role OWNER, NOT_FOUND where he isn't in */
  setMemberRole(viewer: Viewer, groupId: string, userId: string, role: MemberRole): Promise<Conversation>
  /** For the owner, who becomes an admin. @throws ChatError NOT_FOUND where he isn't in */
  transferOwnership(viewer: Viewer, groupId: string, userId: string): Promise<Conversation>
  /** Who is in already stays in. @throws ChatError NOT_FOUND where it isn't public, FORBIDDEN where he is banned */
  join(viewer: Viewer, groupId: string): Promise<Conversation>
  /** @throws ChatError FORBIDDEN to the owner */
  leave(viewer: Viewer, groupId: string): Promise<void>
}

export function createGroupService({ writer }: { writer: Writer }): GroupService {
  /** Does something to a group. @returns the group as that leaves it */
  function change(groupId: string, work: (log: LogTransaction) => Promise<void>): Promise<Conversation> {
    return writer.change(async (log) => {
      await work(log)
      return log.tx.conversation.findUniqueOrThrow({ where: { id: groupId } })
    })
  }

  return {
    async create({ userId: ownerId }, { memberIds, ...given }) {
      if (memberIds.length > MOST_FIRST_MEMBERS) {
        throw badInput('memberIds', `A group starts with at most ${MOST_FIRST_MEMBERS} others: add more later.`)
      }
      const details = mergeDetails(
        { name: null, nameKey: null, description: null, avatarUrl: null, visibility: 'PRIVATE' },
        given,
      )
      const others = [...new Set(memberIds)].filter((id) => id !== ownerId)
      const id = newId()
      return change(id, async (log) => {
        await requireUsers(log, ownerId, others)
        await log.tx.conversation.create({ data: { ...details, id, kind: 'GROUP', createdAt: new Date() } })
        await noteReferences(log.sql, [{ id, url: details.avatarUrl }])
        await enter(log, id, [
          { userId: ownerId, role: 'OWNER', content: 'created the group' },
          ...others.map((userId) => ({ userId, content: 'was added to the group' })),
        ])
      })
    },

    update(viewer, groupId, given) {
      return change(groupId, async (log) => {
        const { group } = await requireManager(log.tx, viewer.userId, groupId)
        const details = mergeDetails(group, given)
        await log.tx.conversation.update({ where: { id: groupId }, data: details })
        await noteReferences(log.sql, [{ id: groupId, url: details.avatarUrl }])
        await log.appendSystemMessages(
          describeChanges(group, details).map((content) => ({
            conversationId: groupId,
            senderId: viewer.userId,
            content,
          })),
        )
      })
    },

    delete(viewer, groupId) {
      return writer.change(async (log) => {
        await requireOwner(log.tx, viewer.userId, groupId)
        await dissolve(log, [groupId])
      })
    },

    addMember(viewer, groupId, userId) {
      return change(groupId, async (log) => {
        await requireUnblocked(log.sql, viewer.userId, userId)
        await requireManager(log.tx, viewer.userId, groupId)
        if (await findMember(log.tx, userId, groupId)) throw conflict('user', 'He is in the group already.')
        if (await isBanned(log.tx, userId, groupId)) {
          throw conflict('user', 'He is banned from the group: use unbanGroupMember first.')
        }
        await enter(log, groupId, [{ userId, content: 'was added to the group' }])
      })
    },

    removeMember(viewer, groupId, userId) {
      return change(groupId, async (log) => {
        const actor = await requireManager(log.tx, viewer.userId, groupId)
        const target = await requireTarget(log.tx, actor, userId, 'use leaveGroup.')
        requireRemovable(actor, target)
        await depart(log, target, 'was removed from the group')
      })
    },

    async setMemberRole(viewer, groupId, userId, role) {
      if (role === 'OWNER') throw badInput('role', 'A group has one owner: use transferGroupOwnership.')
      return change(groupId, async (log) => {
        const owner = await requireOwner(log.tx, viewer.userId, groupId)
        const target = await requireTarget(log.tx, owner, userId, 'use transferGroupOwnership.')
        if (target.role === role) return
        await log.tx.member.update({
          where: { conversationId_userId: { conversationId: groupId, userId } },
          data: { role },
        })
        const content = role === 'ADMIN' ? 'became an admin' : 'is no longer an admin'
        await log.appendSystemMessages([{ conversationId: groupId, senderId: userId, content }])
      })
    },

    transferOwnership(viewer, groupId, userId) {
      return change(groupId, async (log) => {
        const owner = await requireOwner(log.tx, viewer.userId, groupId)
        const target = await requireTarget(log.tx, owner, userId, 'name your successor.')
        await log.tx.member.update({
          where: { conversationId_userId: { conversationId: groupId, userId: viewer.userId } },
          data: { role: 'ADMIN' },
        })
        await makeOwner(log, target)
      })
    },

    join({ userId }, groupId) {
      return change(groupId, async (log) => {
        const group = await log.tx.conversation.findUnique({ where: { id: groupId, kind: 'GROUP' } })
        if (group && (await findMember(log.tx, userId, groupId))) return
        if (group?.visibility !== 'PUBLIC') throw notFound('Group')
        if (await isBanned(log.tx, userId, groupId)) throw forbidden('You are banned from the group.')
        await enter(log, groupId, [{ userId, content: 'joined the group' }])
      })
    },

    leave({ userId }, groupId) {
      return writer.change(async (log) => {
        const { member } = await requireMember(log.tx, userId, groupId)
        if (member.role === 'OWNER') {
          throw forbidden('The owner can’t just leave: use transferGroupOwnership first, or deleteGroup.')
        }
        await depart(log, member, 'left the group')
      })
    },
  }
}

/** Those who have blocked him, or whom he has blocked, don't exist for him. */
async function requireUsers({ tx, sql }: LogTransaction, viewerId: string, ids: string[]): Promise<void> {
  const found = await tx.user.count({ where: { id: { in: ids }, deletedAt: null } })
  const pairs = ids.map((id): UserPair => [viewerId, id])
  if (found < ids.length || pairs.some(await findBlocked(sql, pairs))) {
    throw badInput('memberIds', 'memberIds holds an id that is no user’s.')
  }
}
