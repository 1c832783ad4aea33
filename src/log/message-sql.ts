import { type SqlConnection, valuesAtLeastOnce } from '../database/sql-connection.ts'
import type { User } from '../generated/prisma/client.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { MessageRow } from './change.ts'

// Prisma's queries cost several times a plain one, which shows on the two hot paths: the writer's
// insert and a page of messages. These are written by hand, and typed by Prisma's model all the same.

/** A row of `selectMessages`: the message's columns, and the sender's under `sender_…`. */
type JoinedRow = Omit<MessageRow, 'sender'> & { [Column in keyof User as `sender_${Column}`]: User[Column] }

/** `SELECT … FROM "Message" m JOIN "User" s …`, to be followed by what narrows it. */
const selectMessages = Prisma.sql`
  SELECT m.*,
    s."id" AS "sender_id", s."username" AS "sender_username", s."usernameKey" AS "sender_usernameKey",
    s."email" AS "sender_email", s."emailKey" AS "sender_emailKey", s."displayName" AS "sender_displayName",
    s."nameKey" AS "sender_nameKey",
    s."avatarUrl" AS "sender_avatarUrl", s."createdAt" AS "sender_createdAt",
    s."lastSeenAt" AS "sender_lastSeenAt", s."deletedAt" AS "sender_deletedAt"
  FROM "Message" m JOIN "User" s ON s."id" = m."senderId"`

/** Runs `selectMessages` with what follows it. */
export async function queryMessages(connection: SqlConnection, rest: Prisma.Sql): Promise<MessageRow[]> {
  const rows = await connection.all<JoinedRow>(Prisma.sql`${selectMessages} ${rest}`)
  return rows.map(toMessage)
}

function toMessage(row: JoinedRow): MessageRow {
  return {
    id: row.id,
    conversationId: row.conversationId,
    seq: row.seq,
    textOrdinal: row.textOrdinal,
    senderId: row.senderId,
    kind: row.kind,
    content: row.content,
    mediaUrl: row.mediaUrl,
    replyToId: row.replyToId,
    clientId: row.clientId,
    fingerprint: row.fingerprint,
    createdAt: row.createdAt,
    editedAt: row.editedAt,
    deletedAt: row.deletedAt,
    createdPosition: row.createdPosition,
    position: row.position,
    previousPosition: row.previousPosition,
    reactionCount: row.reactionCount,
    sender: {
      id: row.sender_id,
      username: row.sender_username,
      usernameKey: row.sender_usernameKey,
      email: row.sender_email,
      emailKey: row.sender_emailKey,
      displayName: row.sender_displayName,
      nameKey: row.sender_nameKey,
      avatarUrl: row.sender_avatarUrl,
      createdAt: row.sender_createdAt,
      lastSeenAt: row.sender_lastSeenAt,
      deletedAt: row.sender_deletedAt,
    },
  }
}

/** The order in which members' rows are locked. */
export const MEMBER_KEY = ['conversationId', 'userId']

/** Whether two values of columns are in a list of pairs. */
export function inPairs(first: Prisma.Sql, second: Prisma.Sql, pairs: [string, string | number][]): Prisma.Sql {
  return Prisma.sql`(${first}, ${second}) IN (${valuesAtLeastOnce(pairs)})`
}

/** Whether a column's value is in a list. */
export function inList(column: Prisma.Sql, list: readonly string[]): Prisma.Sql {
  return Prisma.sql`${column} IN (${valuesAtLeastOnce(list.map((value) => [value]))})`
}
