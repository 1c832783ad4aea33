import { expect } from 'vitest'
import type { Operation, Root } from './documents.ts'
import type { Answer } from './judge.ts'
import { openReadySocket } from './recording-socket.ts'
import type { Attacker, World } from './world.ts'

const TYPENAME = { query: '{ __typename }' }

export interface Attempt {
  world: World
  attacker: Attacker
  /** Null where he doesn't sign in. The session may end with the attempt. */
  accessToken: string | null
  root: Root
  operation: Operation
}

/** What came back, in one piece. */
export interface Reply {
  text: string
  /** Null where it is the protocol's. */
  answer: Answer | null
}

/** Tries an operation over HTTP; a subscription over SSE, which then has something to tell. */
export async function tryOverHttp({ world, attacker, accessToken, root, operation }: Attempt): Promise<Reply[]> {
  const client = accessToken ? world.server.withToken(accessToken) : world.server.anonymous
  const isStream = root === 'subscription'
  const response = await client.post(operation, { accept: isStream ? 'text/event-stream' : 'application/json' })
  expect(response.status).toBeLessThan(500)
  if (!isStream) return [toReply(await response.text())]

  const text = response.text()
  await world.talk(attacker)
  // His session's end ends the stream.
  if (accessToken) await client.post({ query: 'mutation { logout { ok } }' })
  return [...(await text).matchAll(/^data: (.+)$/gm)].map(([, data = '']) => toReply(data))
}

function toReply(text: string): Reply {
  return { text, answer: JSON.parse(text) }
}

/** Tries an operation on a socket of its own; a subscription then has something to tell. */
export async function tryOverSocket({ world, attacker, accessToken, root, operation }: Attempt): Promise<Reply[]> {
  const socket = await openReadySocket(world.server.url, accessToken)
  const subscribe = (id: string, payload: object) => socket.send({ type: 'subscribe', id, payload })
  const over = (id: string) => socket.find((message) => message.id === id && message.type !== 'next')

  if (root === 'subscription') {
    subscribe('control', { query: 'subscription { control: inbox { message { content } } }' })
    subscribe('attempt', operation)
    subscribe('taken up', TYPENAME)
    await over('taken up')
    const said = await world.talk(attacker)
    if (accessToken) await socket.find(({ id, payload }) => id === 'control' && JSON.stringify(payload).includes(said))
    subscribe('over', TYPENAME)
    await over('over')
  } else {
    subscribe('attempt', operation)
    await over('attempt')
  }
  await socket.close()
  expect([1005, 4403]).toContain(await socket.closed)
  return socket.received.map((text) => ({ text, answer: answerIn(text) }))
}

/** What a message of graphql-transport-ws answers; null where it is something else. */
export function answerIn(message: string): Answer | null {
  const { type, payload } = JSON.parse(message)
  if (type === 'next') return payload
  return type === 'error' ? { errors: payload } : null
}
