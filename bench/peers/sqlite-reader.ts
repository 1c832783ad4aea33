// Raw SQLite: runs a prepared statement when asked, as often as asked, and answers with the rows of the last time.
import SqliteConnection from 'better-sqlite3'
import { conversationWord } from '../../src/log/message-index.ts'
import { groupKey, userKey } from '../lib/world.ts'

const connection = new SqliteConnection(process.env['PEER_DATABASE'], { readonly: true })

/** But for its number. */
const groupWord = conversationWord(groupKey(0)).slice(0, -12)

const statements = {
  history: connection.prepare(`
    SELECT m."id", m."seq", m."kind", m."content", m."createdAt", s."id" AS "senderId", s."username", s."displayName"
    FROM "Message" m JOIN "User" s ON s."id" = m."senderId"
    WHERE m."conversationId" = '${groupKey(0)}' AND m."seq" < ? ORDER BY m."seq" DESC LIMIT 50`),
  conversations: connection.prepare(`
    SELECT c."id", c."kind", c."name", c."textCount" - mine."readTextCount" - mine."skippedCount" AS "unreadCount",
      m."id" AS "messageId", m."seq", m."kind" AS "messageKind", m."content", m."createdAt",
      s."id" AS "senderId", s."username", s."displayName"
    FROM "Member" mine JOIN "Conversation" c ON c."id" = mine."conversationId"
    LEFT JOIN "Message" m ON m."conversationId" = c."id" AND m."seq" = c."lastSeq"
    LEFT JOIN "User" s ON s."id" = m."senderId"
    WHERE mine."userId" = '${userKey(0)}' ORDER BY c."activity" DESC LIMIT 50`),
  // A word, or “message” where it is -1, in a group, or anywhere where that is -1.
  search: connection.prepare(`
    WITH asked(word, number) AS (VALUES (?, ?))
    SELECT m."id", m."seq", m."kind", m."content", m."createdAt", s."id" AS "senderId", s."username", s."displayName"
    FROM (
      SELECT rowid AS "position" FROM "MessageSearch" WHERE "MessageSearch" MATCH (
        SELECT iif(word < 0, 'message', format('%d', word)) ||
          iif(number < 0, '', format(' AND "${groupWord}%012d"', number)) FROM asked)
      ORDER BY rowid DESC LIMIT 50) found
    JOIN "Message" m ON m."createdPosition" = found."position" JOIN "User" s ON s."id" = m."senderId"`),
}

interface Question {
  statement: keyof typeof statements
  parameters: number[]
  times: number
}

process.on('message', ({ statement, parameters, times }: Question) => {
  let rows: unknown[] = []
  for (let time = 0; time < times; time++) rows = statements[statement].all(...parameters)
  process.send?.(rows)
})
