import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectAnswer, expectDiscreet } from './judge.ts'
import { anyJson, oddText, often } from './odd-text.ts'
import { openRecordingSocket, type ServerMessage } from './recording-socket.ts'
import { CHANCES, PATIENCE, RUNS } from './size.ts'
import { answerIn } from './transports.ts'
import { openWorld } from './world.ts'

const TYPES = ['connection_init', 'connection_ack', 'ping', 'pong', 'subscribe', 'next', 'error', 'complete']

/** The protocol's own codes, and RFC 6455's for a peer who breaks that. */
const CLOSE_CODES = [1002, 1007, 1009, 4400, 4401, 4403, 4408, 4409, 4429]

const DEEP = 50_000 // levels

function nested(open: string, core: string, close: string): string {
  return open.repeat(DEEP) + core + close.repeat(DEEP)
}

const query = fc.oneof(
  fc.constantFrom(
    '{ __typename }',
    '{ viewer { id email } }',
    'subscription { inbox { message { content } } }',
    'mutation { logout { ok } }',
    'query A { __typename } query B { __typename }',
    'query ($id: ID!) { node(id: $id) { id } }',
    'fragment A on Query { ...A } { ...A }',
    '{ __schema { types { name } } }',
    `{ ${'__typename '.repeat(1_000)} }`,
    nested('{ a ', '', '}'),
    nested('{ ...', '{ __typename }', '}'),
    `{ node(id: ${nested('[', '1', ']')}) { id } }`,
    `query ($id: ${nested('[', 'ID', ']')}) { node(id: $id) { id } }`,
  ),
  oddText,
)

const id = fc.constantFrom('1', '2', '__proto__', 'constructor', '\ud800')

const asMeant: fc.Arbitrary<unknown> = fc.oneof(
  fc.constant({ type: 'connection_init' }),
  fc.record({ type: fc.constantFrom('ping', 'pong'), payload: fc.constantFrom(undefined, null, { a: 1 }) }),
  fc.record({ type: fc.constant('complete'), id }),
  fc.record({ type: fc.constant('subscribe'), id, payload: fc.record({ query }) }),
)

/** A message with something missing, or of a wrong type. */
const almost = fc.record(
  {
    type: often(5, fc.constantFrom(...TYPES), anyJson),
    id: fc.oneof(id, anyJson),
    payload: fc.oneof(
      anyJson,
      fc.record({ authorization: anyJson }),
      fc.record(
        { query: fc.oneof(query, anyJson), operationName: anyJson, variables: anyJson, extensions: anyJson },
        { requiredKeys: [] },
      ),
    ),
  },
  { requiredKeys: [] },
)

const deep = fc.constantFrom(
  nested('[', '', ']'),
  `{"type":"ping","payload":{"a":${nested('[', '', ']')}}}`,
  `{"type":"pong","payload":{"a":${nested('{"a":', '1', '}')}}}`,
  `{"type":"connection_init","payload":{"authorization":${nested('[', '', ']')}}}`,
  `{"type":"error","id":"1","payload":${nested('[', '', ']')}}`,
  `{"type":"subscribe","id":"1","payload":{"query":"query ($id: ID!) { node(id: $id) { id } }","variables":{"id":${nested('[', '', ']')}}}}`,
)

const frame: fc.Arbitrary<unknown> = often(
  2,
  often(2, asMeant, almost),
  fc.oneof(
    deep,
    anyJson,
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    asMeant.map((message) => Buffer.from(JSON.stringify(message))),
    asMeant.map((message) => JSON.stringify(message).slice(0, -1)),
  ),
)

test('No message, in whatever order, breaks the server or makes it blame itself', { timeout: PATIENCE }, async () => {
  const world = await openWorld()
  const attacker = await world.newAttacker()
  const dialogue = fc.record({
    welcomed: often(3, fc.constant(true), fc.constant(false)),
    frames: fc.array(frame, { minLength: 1, maxLength: 10 }),
  })

  const holds = fc.asyncProperty(dialogue, async ({ welcomed, frames }) => {
    const socket = await openRecordingSocket(world.server.url, { accessToken: await attacker.newToken() })
    if (welcomed) {
      socket.send({ type: 'connection_init' })
      await socket.find(({ type }) => type === 'connection_ack')
    }
    for (const message of frames) socket.send(message)
    socket.send({ type: 'ping', payload: { over: true } })
    const isOver = ({ type, payload }: ServerMessage) => type === 'pong' && Object(payload).over
    if (await socket.find(isOver)) await socket.close()
    else expect(CLOSE_CODES).toContain(await socket.closed)

    for (const text of socket.received) {
      expectDiscreet(text, [world.secrets.always])
      const answer = answerIn(text)
      if (answer) expectAnswer(answer)
    }
    expect(world.faults()).toEqual([])
  })
  await fc.assert(holds, { numRuns: 15 * RUNS, ...CHANCES })

  expect((await attacker.client.post({ query: '{ __typename }' })).status).toBe(200)
})
