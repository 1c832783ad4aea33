import type { Viewer } from '../auth/viewer.ts'
import { badInput } from '../errors.ts'
import type { Conversation } from '../generated/prisma/client.ts'
import { newId } from '../ids.ts'
import { findBlocked, type UserPair } from '../log/blocked-pairs.ts'
import type { LogTransaction } from '../log/log-transaction.ts'
import type { Writer } from '../log/writer.ts'
import { noteReferences } from '../media/media-references.ts'
import { enter } from './arrival.ts'
import { changeGroup } from './change-group.ts'
import { dissolve } from './departure.ts'
import { describeChanges, type GroupDetails, mergeDetails } from './group-details.ts'
import { requireManager, requireOwner } from './group-rules.ts'

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
}

export function createGroupService({ writer }: { writer: Writer }): GroupService {
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
      return changeGroup(writer, id, async (log) => {
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
      return changeGroup(writer, groupId, async (log) => {
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
