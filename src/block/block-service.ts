import type { Viewer } from '../auth/viewer.ts'
import type { Database } from '../database/database.ts'
import { badInput } from '../errors.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { KeyRange } from '../graphql/keyset.ts'
import type { Writer } from '../log/writer.ts'
import type { Bus } from '../realtime/bus.ts'
import { listNoted, type NotedUser } from '../user/noted-users.ts'

/**
 * Two users of whom one has blocked the other have nothing to do with each other: neither can write to the other, react
 * in their conversation or add him to a group, just as if the other didn't exist, and neither sees whether the other is online.
 */
export interface BlockService {
  /** Once this resolves, nothing more comes. Whoever is blocked already stays so. @throws ChatError BAD_USER_INPUT for oneself */
  block(viewer: Viewer, userId: string): Promise<void>
  /** Also of somebody who isn't blocked. */
  unblock(viewer: Viewer, userId: string): Promise<void>
  /** Whom he has blocked, in a stretch of `notedOrder`. */
  list(viewer: Viewer, range: KeyRange): Promise<NotedUser[]>
}

export function createBlockService(deps: { database: Database; writer: Writer; bus: Bus }): BlockService {
  const { database, writer, bus } = deps

  /** Each looks again at the other, where he watches him. */
  function tell(one: string, other: string): void {
    bus.publish(`user:${one}`, { type: 'presence', userId: one, viewerId: other })
    bus.publish(`user:${other}`, { type: 'presence', userId: other, viewerId: one })
  }

  return {
    async block({ userId: blockerId }, userId) {
      if (userId === blockerId) throw badInput('user', 'That is yourself: block somebody else.')
      // Through the log's writer, so that what was stored before has been published.
      await writer.changeSql(({ sql }) =>
        sql.run(Prisma.sql`INSERT INTO "Block" ("blockerId", "userId", "createdAt")
          VALUES (${blockerId}, ${userId}, ${new Date()}) ON CONFLICT DO NOTHING`),
      )
      tell(blockerId, userId)
    },

    async unblock({ userId: blockerId }, userId) {
      await database.writeSql((sql) =>
        sql.run(Prisma.sql`DELETE FROM "Block" WHERE "blockerId" = ${blockerId} AND "userId" = ${userId}`),
      )
      tell(blockerId, userId)
    },

    list: ({ userId }, range) => listNoted(database.readSql, 'Block', Prisma.sql`n."blockerId" = ${userId}`, range),
  }
}
