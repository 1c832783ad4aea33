import type { Viewer } from '../auth/viewer.ts'
import { requireUnblocked } from '../block/block-rules.ts'
import { badInput, conflict, forbidden, notFound } from '../errors.ts'
import type { Conversation, MemberRole } from '../generated/prisma/client.ts'
import type { Writer } from '../log/writer.ts'
import { enter } from './arrival.ts'
import { changeGroup } from './change-group.ts'
import { depart, makeOwner } from './departure.ts'
import {
  findMember,
  isBanned,
  requireManager,
  requireMember,
  requireOwner,
  requireRemovable,
  requireTarget,
} from './group-rules.ts'

/**
 * Who is in a group, and as what. Each change is told in the group by a SYSTEM message.
 * Whoever isn't a member gets NOT_FOUND of a private group, FORBIDDEN of a public one.
 */
export interface MemberService {
  /** For owner and admins. @throws ChatError CONFLICT where he is in already, or banned; NOT_FOUND where one blocks the other */
  add(viewer: Viewer, groupId: string, userId: string): Promise<Conversation>
  /** For owner and admins; of an admin, for the owner alone. @throws ChatError NOT_FOUND where he isn't in */
  remove(viewer: Viewer, groupId: string, userId: string): Promise<Conversation>
  /** For the owner. @throws ChatError BAD_USER_INPUT for the role OWNER, NOT_FOUND where he isn't in */
  setRole(viewer: Viewer, groupId: string, userId: string, role: MemberRole): Promise<Conversation>
  /** For the owner, who becomes an admin. @throws ChatError NOT_FOUND where he isn't in */
  transferOwnership(viewer: Viewer, groupId: string, userId: string): Promise<Conversation>
  /** Who is in already stays in. @throws ChatError NOT_FOUND where it isn't public, FORBIDDEN where he is banned */
  join(viewer: Viewer, groupId: string): Promise<Conversation>
  /** @throws ChatError FORBIDDEN to the owner */
  leave(viewer: Viewer, groupId: string): Promise<void>
}

export function createMemberService({ writer }: { writer: Writer }): MemberService {
  return {
    add(viewer, groupId, userId) {
      return changeGroup(writer, groupId, async (log) => {
        await requireUnblocked(log.sql, viewer.userId, userId)
        await requireManager(log.tx, viewer.userId, groupId)
        if (await findMember(log.tx, userId, groupId)) throw conflict('user', 'He is in the group already.')
        if (await isBanned(log.tx, userId, groupId)) {
          throw conflict('user', 'He is banned from the group: use unbanGroupMember first.')
        }
        await enter(log, groupId, [{ userId, content: 'was added to the group' }])
      })
    },

    remove(viewer, groupId, userId) {
      return changeGroup(writer, groupId, async (log) => {
        const actor = await requireManager(log.tx, viewer.userId, groupId)
        const target = await requireTarget(log.tx, actor, userId, 'use leaveGroup.')
        requireRemovable(actor, target)
        await depart(log, target, 'was removed from the group')
      })
    },

    async setRole(viewer, groupId, userId, role) {
      if (role === 'OWNER') throw badInput('role', 'A group has one owner: use transferGroupOwnership.')
      return changeGroup(writer, groupId, async (log) => {
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
      return changeGroup(writer, groupId, async (log) => {
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
      return changeGroup(writer, groupId, async (log) => {
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
