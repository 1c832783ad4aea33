// Yoga with a mutation that does nothing, and one that stores a message: a prepared INSERT, on disk when it is answered.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import SqliteConnection from 'better-sqlite3'
import { buildSchema } from 'graphql'
import { createYoga } from 'graphql-yoga'
import { groupKey, userKey } from '../lib/world.ts'
import { listen } from './listen.ts'

const connection = new SqliteConnection(process.env['PEER_DATABASE'])
connection.pragma('journal_mode = WAL')
connection.pragma('synchronous = FULL')
const insert = connection.prepare(
  `INSERT INTO "Message" ("id", "conversationId", "seq", "textOrdinal", "senderId", "kind", "content", "clientId",
     "createdAt", "createdPosition", "position", "previousPosition")
   VALUES (?, '${groupKey(0)}', ?, ?, '${userKey(0)}', 'TEXT', ?, ?, ?, ?, ?, ?)`,
)
let seq = 0

interface InsertArgs {
  content: string
  clientId: string
}

const schema = buildSchema(`
  type Query { nothing: Boolean }
  type Mutation { nothing: Boolean, insert(content: String!, clientId: String!): Int }
`)
const mutations = schema.getMutationType()?.getFields() ?? {}
Object.assign(mutations['nothing'] ?? {}, { resolve: () => true })
Object.assign(mutations['insert'] ?? {}, {
  resolve(_root: unknown, { content, clientId }: InsertArgs) {
    seq++
    insert.run(randomUUID(), seq, seq, content, clientId, new Date().toISOString(), seq, seq, seq - 1)
    return seq
  },
})

await listen(createServer(createYoga({ schema, logging: false })))
