import type { Viewer } from '../auth/viewer.ts'
import type { Database } from '../database/database.ts'
import { badInput } from '../errors.ts'
import { type Conversation, Prisma } from '../generated/prisma/client.ts'
import type { KeyRange } from '../graphql/keyset.ts'
import type { Writer } from '../log/writer.ts'
import { listNoted, type NotedUser } from '../user/noted-users.ts'
import { changeGroup } from './change-group.ts'
import { depart } from './departure.ts'
import { findMember, requireManager, requireRemovable } from './group-rules.ts'

/**
 * Who is banned from a group is out of it, and has no way back in until the ban is lifted.
 * Whoever isn't a member gets NOT_FOUND of a private group, FORBIDDEN of a public one.
 */
export interface BanService {
  /**
   * For owner and admins; of an admin, for the owner alone. Members and others can be banned; the members are told of
   * a member's ban. Who is banned already stays so.
   * @throws ChatError BAD_USER_INPUT for oneself
   */
  ban(viewer: Viewer, groupId: string, userId: string): Promise<Conversation>
  /** For owner and admins. Where there is no ban, nothing changes. */
  unban(viewer: Viewer, groupId: string, userId: string): Promise<Conversation>
  /** Who is banned, in a stretch of `notedOrder`. It authorizes nobody. */
  list(groupId: string, range: KeyRange): Promise<NotedUser[]>
}

export function createBanService({ database, writer }: { database: Database; writer: Writer }): BanService {
  return {
    ban(viewer, groupId, userId) {
      return changeGroup(writer, groupId, async (log) => {
        const actor = await requireManager(log.tx, viewer.userId, groupId)
        if (userId === viewer.userId) throw badInput('user', 'That is yourself: use leaveGroup.')
        const member = await findMember(log.tx, userId, groupId)
        if (member) {
          requireRemovable(actor, member)
          await depart(log, member, 'was banned from the group')
        }
        await log.sql.run(Prisma.sql`INSERT INTO "Ban" ("conversationId", "userId", "createdAt")
          VALUES (${groupId}, ${userId}, ${new Date()}) ON CONFLICT DO NOTHING`)
      })
    },

    unban(viewer, groupId, userId) {
      // Through the log's writer, as he may not be a manager any more otherwise.
      return writer.change(async ({ tx }) => {
        const { group } = await requireManager(tx, viewer.userId, groupId)
        await tx.ban.deleteMany({ where: { conversationId: groupId, userId } })
        return group
      })
    },

    list: (groupId, range) => listNoted(database.readSql, 'Ban', Prisma.sql`n."conversationId" = ${groupId}`, range),
  }
}
