import type { Database } from '../database/database.ts'
import { valuesAtLeastOnce } from '../database/sql-connection.ts'
import { createUncachedLoader } from '../database/uncached-loader.ts'
import { Prisma, type User } from '../generated/prisma/client.ts'
import type { MessageRow, Position } from '../log/change.ts'
import { inList, inPairs } from '../log/message-sql.ts'

/** All reactions to a message with one emoji. */
export interface ReactionGroup {
  messageId: string
  emoji: string
  count: number
}

/** What reactions there are, asked for in one go by all messages of a page. Nothing is kept. */
export interface ReactionLoaders {
  /** In the order in which the emoji came. Needs no query where the message had none when it was read. */
  groups(message: MessageRow): Promise<ReactionGroup[]> | ReactionGroup[]
  /** The first who reacted so. */
  users(group: ReactionGroup, first: number): Promise<User[]>
  hasReacted(group: ReactionGroup, userId: string): Promise<boolean>
}

interface Emoji {
  messageId: string
  emoji: string
}

export function createReactionLoaders({ readSql }: Database): ReactionLoaders {
  const groups = createUncachedLoader(async (messageIds: readonly string[]) => {
    const rows = await readSql.all<Emoji & { count: bigint; since: Position }>(Prisma.sql`
      SELECT r."messageId", r."emoji", count(*) AS "count", min(r."position") AS "since" FROM "Reaction" r
      WHERE ${inList(Prisma.sql`r."messageId"`, messageIds)} GROUP BY r."messageId", r."emoji"`)
    rows.sort((one, other) => (one.since < other.since ? -1 : 1))
    const found = Map.groupBy(rows, ({ messageId }) => messageId)
    return messageIds.map((id) =>
      (found.get(id) ?? []).map(({ messageId, emoji, count }) => ({ messageId, emoji, count: Number(count) })),
    )
  })

  const users = createUncachedLoader(async (keys: readonly (Emoji & { first: number })[]) => {
    const found = new Map<string, User[]>()
    for (const [first, alike] of Map.groupBy(keys, ({ first }) => first)) {
      if (first === 0) continue
      for (const [key, some] of await queryUsers(alike, first)) found.set(`${key} ${first}`, some)
    }
    return keys.map((key) => found.get(`${emojiKey(key)} ${key.first}`) ?? [])
  })

  /** By `emojiKey`. Reads no more reactions than it gives users, however many there are. */
  async function queryUsers(emoji: readonly Emoji[], first: number): Promise<Map<string, User[]>> {
    const wanted = valuesAtLeastOnce(emoji.map((one) => [one.messageId, one.emoji]))
    const rows = await readSql.all<User & Emoji & { reactedAt: Position }>(Prisma.sql`
      SELECT u.*, r."messageId", r."emoji", r."position" AS "reactedAt" FROM (
        SELECT DISTINCT k.column1 AS "messageId", k.column2 AS "emoji", coalesce(
          (SELECT x."position" FROM "Reaction" x WHERE x."messageId" = k.column1 AND x."emoji" = k.column2
            ORDER BY x."position" LIMIT 1 OFFSET ${first - 1}),
          9223372036854775807) AS "last"
        FROM (${wanted}) AS k) AS page
      JOIN "Reaction" r ON r."messageId" = page."messageId" AND r."emoji" = page."emoji" AND r."position" <= page."last"
      JOIN "User" u ON u."id" = r."userId"`)
    rows.sort((one, other) => (one.reactedAt < other.reactedAt ? -1 : 1))
    return Map.groupBy(rows, emojiKey)
  }

  const own = createUncachedLoader(async (keys: readonly { messageId: string; userId: string }[]) => {
    const pairs = inPairs(
      Prisma.sql`r."messageId"`,
      Prisma.sql`r."userId"`,
      keys.map(({ messageId, userId }) => [messageId, userId]),
    )
    const rows = await readSql.all<Emoji & { userId: string }>(
      Prisma.sql`SELECT r."messageId", r."userId", r."emoji" FROM "Reaction" r WHERE ${pairs}`,
    )
    const found = Map.groupBy(rows, ({ messageId, userId }) => `${messageId} ${userId}`)
    return keys.map(({ messageId, userId }) => found.get(`${messageId} ${userId}`) ?? [])
  })

  return {
    groups: ({ id, reactionCount }) => (reactionCount === 0 ? [] : groups.load(id)),
    users: ({ messageId, emoji }, first) => users.load({ messageId, emoji, first }),
    async hasReacted({ messageId, emoji }, userId) {
      return (await own.load({ messageId, userId })).some((reaction) => reaction.emoji === emoji)
    },
  }
}

function emojiKey({ messageId, emoji }: Emoji): string {
  return `${messageId} ${emoji}`
}
