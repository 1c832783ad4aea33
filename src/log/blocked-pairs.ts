import type { SqlConnection } from '../database/sql-connection.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { inPairs } from './message-sql.ts'

/** Two users, in either order. */
export type UserPair = readonly [userId: string, otherId: string]

/** Tells which of these pairs have nothing to do with each other, because one of the two has blocked the other. */
export async function findBlocked(
  connection: SqlConnection,
  pairs: readonly UserPair[],
): Promise<(pair: UserPair) => boolean> {
  if (pairs.length === 0) return () => false
  const eitherWay = pairs.flatMap(([one, other]): [string, string][] => [
    [one, other],
    [other, one],
  ])
  const blocks = await connection.all<{ blockerId: string; userId: string }>(
    Prisma.sql`SELECT b."blockerId", b."userId" FROM "Block" b
      WHERE ${inPairs(Prisma.sql`b."blockerId"`, Prisma.sql`b."userId"`, eitherWay)}`,
  )
  const blocked = new Set(blocks.map(({ blockerId, userId }) => `${blockerId} ${userId}`))
  return ([one, other]) => blocked.has(`${one} ${other}`) || blocked.has(`${other} ${one}`)
}
