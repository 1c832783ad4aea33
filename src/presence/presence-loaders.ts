import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Database } from '../database/database.ts'
import { valuesAtLeastOnce } from '../database/sql-connection.ts'
import { createUncachedLoader } from '../database/uncached-loader.ts'
import { Prisma, type User } from '../generated/prisma/client.ts'
import { findBlocked } from '../log/blocked-pairs.ts'
import { inList } from '../log/message-sql.ts'
import type { Presence } from './presence.ts'

const FEW = 20 // conversations

/** What presence is told by. What is asked for in one tick is one query; nothing is kept. */
export interface PresenceLoaders {
  /** Whether one may see the presence of another: they share a conversation, and neither has blocked the other. */
  isVisible(viewerId: string, userId: string): Promise<boolean>
  isOnline(userId: string): Promise<boolean>
  user(userId: string): Promise<User | null>
}

interface Look {
  viewerId: string
  userId: string
}

export function createPresenceLoaders(
  { readSql }: Database,
  presence: Presence,
  options: Parameters<typeof createUncachedLoader>[1] = {},
): PresenceLoaders {
  const uncached = <Key, Value>(load: (keys: readonly Key[]) => Promise<Value[]>) => createUncachedLoader(load, options)
  const visible = uncached<Look, boolean>(async (looks) => {
    const pairs = looks.map(({ viewerId, userId }) => [viewerId, userId] as const)
    const isBlocked = await findBlocked(readSql, pairs)
    // From the side of the other where the viewer is in many. A cross join is looked up in its order by SQLite.
    const shared = await readSql.all<Look>(Prisma.sql`
      SELECT k.column1 AS "viewerId", k.column2 AS "userId" FROM (${valuesAtLeastOnce(pairs)}) k WHERE EXISTS (
        SELECT 1 FROM "Member" one CROSS JOIN "Member" other
        WHERE one."userId" = CASE WHEN (SELECT count(*) FROM (
            SELECT 1 FROM "Member" mine WHERE mine."userId" = k.column1 LIMIT ${FEW + 1}
          ) AS few) > ${FEW} THEN k.column2 ELSE k.column1 END
          AND other."conversationId" = one."conversationId"
          AND other."userId" IN (k.column1, k.column2) AND other."userId" <> one."userId")`)
    const sharing = new Set(shared.map(({ viewerId, userId }) => `${viewerId} ${userId}`))
    return pairs.map((pair) => pair[0] === pair[1] || (sharing.has(pair.join(' ')) && !isBlocked(pair)))
  })
  const online = uncached<string, boolean>(async (userIds) => {
    const found = await presence.online([...new Set(userIds)])
    return userIds.map((userId) => found.has(userId))
  })
  const users = uncached<string, User | null>(async (userIds) => {
    const rows = await readSql.all<User>(
      Prisma.sql`SELECT u.* FROM "User" u WHERE ${inList(Prisma.sql`u."id"`, userIds)}`,
    )
    const byId = new Map(rows.map((user) => [user.id, user]))
    return userIds.map((userId) => byId.get(userId) ?? null)
  })

  return {
    isVisible: (viewerId, userId) => visible.load({ viewerId, userId }),
    isOnline: (userId) => online.load(userId),
    user: (userId) => users.load(userId),
  }
}

/** The same for what can wait: a little in each turn of the event loop, so that no message waits for all of it. */
export function createPatientLoaders(database: Database, presence: Presence): PresenceLoaders {
  let last: Promise<void> = Promise.resolve()
  return createPresenceLoaders(database, presence, {
    maxBatchSize: 100,
    batchScheduleFn(dispatch) {
      last = last.then(() => nextTurn()).then(dispatch)
    },
  })
}
