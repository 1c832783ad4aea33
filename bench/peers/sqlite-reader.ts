// Raw SQLite: runs a prepared statement when asked, as often as asked, and answers with the rows of the last time.
import SqliteConnection from 'better-sqlite3'
import { groupKey, userKey } from '../lib/world.ts'

const connection = new SqliteConnection(process.env['PEER_DATABASE'], { readonly: true })

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
