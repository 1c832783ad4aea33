import { expect, test } from 'vitest'
import { directConversationId, encodeId, newId } from '../../src/ids.ts'
import { sessions } from '../auth/operations.ts'
import { type BareSocket, openSignedInSocket } from '../support/bare-socket.ts'
import { newGroup, sendDirect, sendToGroup } from '../support/messages.ts'
import { startServer, type TestUser } from '../support/testkit.ts'
import { type Place, placesOfIds } from './places-of-ids.ts'

const timeout = 120_000 // ms: some hundreds of operations

interface Outcome {
  /** Null where it succeeded. */
  code: unknown
  message: string
  /** Which argument is at fault. */
  field: unknown
  data: unknown
}

type Ask = (place: Place, id: string) => Promise<Outcome>

async function scene() {
  const server = await startServer()
  const [mallory, anna, bert] = await Promise.all([
    server.register('mallory'),
    server.register('anna'),
    server.register('bert'),
  ])
  const { createGroup: own } = await mallory.request(newGroup, { name: 'Mallory’s', memberIds: [bert.id] })
  const groupId = own.group.id
  const { sendGroupMessage } = await mallory.request(sendToGroup, { input: { groupId, content: 'Hello' } })
  const theirs = await idsOf(anna, bert)
  return { server, mallory, own: { groupId, messageId: sendGroupMessage.message.id, username: 'bert' }, theirs }
}

/** What anna has with bert, and nobody else may know of. */
async function idsOf(anna: TestUser, bert: TestUser): Promise<Record<string, string>> {
  const { createGroup } = await anna.request(newGroup, { name: 'Theirs', memberIds: [bert.id] })
  const groupId = createGroup.group.id
  const inGroup = await anna.request(sendToGroup, { input: { groupId, content: 'A secret' } })
  const direct = await anna.request(sendDirect, { input: { to: { id: bert.id }, content: 'A secret' } })
  const [session] = (await anna.request(sessions)).sessions
  return {
    Group: groupId,
    DirectConversation: direct.sendDirectMessage.message.conversation.id,
    'Message, in a group': inGroup.sendGroupMessage.message.id,
    Message: direct.sendDirectMessage.message.id,
    Session: session?.id ?? '',
  }
}

/** An id that there might be, of the same type. */
function missing(kind: string): string {
  const type = kind.split(',')[0] as Parameters<typeof encodeId>[0]
  return encodeId(type, type === 'DirectConversation' ? directConversationId(newId(), newId()) : newId())
}

function askOverHttp({ post }: TestUser): Ask {
  return async ({ root, query, variables }, id) => {
    const accept = root === 'subscription' ? 'text/event-stream' : 'application/json'
    const text = await (await post({ query, variables: variables(id) }, { accept })).text()
    return toOutcome(JSON.parse(root === 'subscription' ? (/^data: (\{.+)$/m.exec(text)?.[1] ?? text) : text), id)
  }
}

function askOverSocket({ send, next }: BareSocket): Ask {
  let operations = 0
  return async ({ query, variables }, id) => {
    const operationId = String(operations++)
    send(JSON.stringify({ type: 'subscribe', id: operationId, payload: { query, variables: variables(id) } }))
    for (;;) {
      const { type, id: ofId, payload } = await next()
      if (ofId !== operationId || type === 'complete') continue
      return toOutcome(type === 'error' ? { errors: payload } : Object(payload), id)
    }
  }
}

function toOutcome({ data, errors }: { data?: unknown; errors?: unknown }, id: string): Outcome {
  const [error] = (errors ?? []) as { message: string; extensions: { code: string; field?: string } }[]
  const message = (error?.message ?? '').replaceAll(id || ' ', '<the id>')
  return { code: error?.extensions.code ?? null, field: error?.extensions.field, message, data }
}

/** Nothing came of it, for the id's sake: an error that names it, or a null where others would have found something. */
function isRefusedFor({ path }: Place, { code, field, data }: Outcome): boolean {
  if (code === 'NOT_FOUND') return true
  if (code !== null) return code === 'BAD_USER_INPUT' && path.split('.').includes(String(field))
  const [value] = Object.values(Object(data))
  return value === null || value === false || (Array.isArray(value) && value.every((item) => item === null))
}

test.each(['HTTP', 'WebSocket'])(
  'What is others’ is, over %s, as what there isn’t, in every id of every operation',
  {
    timeout,
  },
  async (transport) => {
    const { server, mallory, own, theirs } = await scene()
    const places = placesOfIds(own)
    expect(places.length).toBeGreaterThan(35)
    const ask =
      transport === 'HTTP'
        ? askOverHttp(mallory)
        : askOverSocket(await openSignedInSocket(server.url, mallory.accessToken))

    // Presence takes the id of a user who isn't there, who is just never online.

    const odd = [encodeId('User', newId()), 'no id', '', 'A'.repeat(500), encodeId('Group', '../../etc')]
    for (const place of places) {
      for (const [kind, foreign] of Object.entries(theirs)) {
        const what = `${place.operation}(${place.path}) with a ${kind}`
        const outcome = await ask(place, foreign)
        expect({ what, outcome: isRefusedFor(place, outcome) || outcome }).toEqual({ what, outcome: true })
        expect(outcome, what).toEqual(await ask(place, missing(kind)))
      }
      for (const id of place.operation === 'presence' ? odd.slice(1) : odd) {
        const what = `${place.operation}(${place.path}) with “${id}”`
        const outcome = await ask(place, id)
        expect({ what, outcome: isRefusedFor(place, outcome) || outcome }).toEqual({ what, outcome: true })
      }
    }
  },
)
