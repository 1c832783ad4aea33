import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Database } from '../database/database.ts'
import { Prisma } from '../generated/prisma/client.ts'

export interface LastSeen {
  /** Stores when his last connection closed, together with the others of that moment. */
  mark(userId: string, at: Date): Promise<void>
}

export function createLastSeen(database: Database): LastSeen {
  const seen = new Map<string, Date>()
  /** Resolves when those are stored. */
  let storing: Promise<void> = Promise.resolve()

  function takeSeen(): [string, Date][] {
    // In one order, so that no two nodes wait for each other's rows.
    const entries = [...seen].sort(([one], [other]) => (one < other ? -1 : 1))
    seen.clear()
    return entries
  }

  async function storeSeen(): Promise<void> {
    let entries: [string, Date][] | null = null
    try {
      await database.writeSql(async (sql) => {
        await nextTurn()
        entries ??= takeSeen()
        for (const [id, lastSeenAt] of entries) {
          await sql.run(
            Prisma.sql`UPDATE "User" SET "lastSeenAt" = ${lastSeenAt} WHERE "id" = ${id} AND "deletedAt" IS NULL`,
          )
        }
      })
    } finally {
      // Where nothing could be written, the next one to go begins anew.
      if (!entries) seen.clear()
    }
  }

  return {
    mark(userId, at) {
      const isFirst = seen.size === 0
      seen.set(userId, at)
      // Whoever goes in this turn, or while that waits, goes with it: a thousand connections may close at once.
      if (isFirst) storing = storeSeen()
      // A failure is told once.
      return isFirst ? storing : storing.catch(() => {})
    },
  }
}
