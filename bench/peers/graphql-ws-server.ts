// graphql-ws as its documentation sets it up, with our schema, and in memory: no database, no sign-in, no rules.
import { setMaxListeners } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { buildSchema, type GraphQLFieldMap } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { createPubSub } from 'graphql-yoga'
import { WebSocketServer } from 'ws'
import { listen } from './listen.ts'

interface SendArgs {
  input: { groupId: string; content: string }
}

// Overloaded, it has no time to read the answers, and would drop everybody after the usual twelve seconds.
const PING_INTERVAL = 60_000 // ms

const sender = { id: 'VXNlcjoxMDAwMDAwMC0wMDAw', username: 'user0', displayName: 'User 0' }
const seqs = new Map<string, number>()
const eventTarget = new EventTarget()
setMaxListeners(0, eventTarget)
const pubSub = createPubSub<{ group: [groupId: string, event: object] }>({ eventTarget })

const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8'))
const fields = (type: { getFields(): GraphQLFieldMap<unknown, unknown> } | null | undefined) => type?.getFields() ?? {}

Object.assign(fields(schema.getSubscriptionType())['groupMessages'] ?? {}, {
  subscribe: (_root: unknown, { groupId }: { groupId: string }) => pubSub.subscribe('group', groupId),
  resolve: (event: object) => event,
})
Object.assign(fields(schema.getMutationType())['sendGroupMessage'] ?? {}, {
  resolve(_root: unknown, { input: { groupId, content } }: SendArgs) {
    const seq = (seqs.get(groupId) ?? 0) + 1
    seqs.set(groupId, seq)
    const cursor = Buffer.from(`0123456789ab:${seq}`).toString('base64url')
    const id = Buffer.from(`Message:40000000-0000-7000-8000-${String(seq).padStart(12, '0')}`).toString('base64url')
    const message = { id, seq, kind: 'TEXT', content, createdAt: new Date().toISOString(), sender }
    pubSub.publish('group', groupId, { type: 'CREATED', cursor, message })
    return { cursor, message }
  },
})

const server = createServer()
useServer({ schema }, new WebSocketServer({ server, path: '/graphql' }), PING_INTERVAL)
await listen(server)
