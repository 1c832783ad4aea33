import { expect, test } from 'vitest'
import { Prisma } from '../../src/generated/prisma/client.ts'
import { createLogger } from '../../src/logger.ts'
import { openBareSocket } from '../support/bare-socket.ts'
import { listenToInbox } from '../support/messages.ts'
import { type RequestError, startServer } from '../support/testkit.ts'

const CONVERSATIONS = '{ conversations { edges { node { id } } } }'

interface Line {
  requestId?: string
  err?: { message: string }
}

async function startFailingServer() {
  const lines: Line[] = []
  const logger = createLogger('error', { write: (line) => lines.push(JSON.parse(line)) })
  const server = await startServer({}, logger)
  const tom = await server.register('tom')
  await server.app.services.database.writeSql((sql) => sql.run(Prisma.sql`DROP TABLE "Member"`))
  return { server, tom, lines }
}

test('Each answer over HTTP says what its request is called, and a well-formed name is kept', async () => {
  const { url } = await startServer()
  const idOf = async (path: string, headers: Record<string, string> = {}) =>
    (await fetch(url.replace('/graphql', path), { headers })).headers.get('x-request-id')

  for (const path of ['/graphql?query={__typename}', '/health', '/media/nothing.png', '/nowhere', '/metrics']) {
    expect(await idOf(path)).toMatch(/^[\w-]{36}$/)
  }
  expect(await idOf('/health')).not.toBe(await idOf('/health'))
  expect(await idOf('/health', { 'x-request-id': 'proxy-1:42.7' })).toBe('proxy-1:42.7')
  for (const odd of ['short', 'x'.repeat(65), '{"a":"b","c":1}', 'two words here']) {
    expect(await idOf('/health', { 'x-request-id': odd })).toMatch(/^[\w-]{36}$/)
  }
})

test('An upload’s answer says it too', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const headers = { authorization: `Bearer ${tom.accessToken}`, 'x-request-id': 'upload-1' }
  const answer = await fetch(server.url.replace('graphql', 'media'), { method: 'POST', headers, body: 'Just a text.' })

  expect(answer.status).toBe(201)
  expect(answer.headers.get('x-request-id')).toBe('upload-1')
})

test('What fails in the server tells the client an id, by which it is found in the log: over HTTP', async () => {
  const { tom, lines } = await startFailingServer()
  const response = await tom.post({ query: CONVERSATIONS })
  const requestId = response.headers.get('x-request-id')

  expect(await response.json()).toMatchObject({
    errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } }],
  })
  expect(lines).toMatchObject([{ requestId, err: { message: expect.stringContaining('Member') } }])
})

test('over SSE', async () => {
  const { tom, lines } = await startFailingServer()
  const error = await tom
    .listenOverSse(listenToInbox, {})
    .next()
    .catch((thrown: RequestError) => thrown)

  expect(error).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' })
  const { errors } = error as RequestError
  expect(errors[0]?.extensions?.['requestId']).toBe(lines[0]?.requestId)
  expect(lines[0]?.requestId).toMatch(/^[\w-]{36}$/)
})

test('over a WebSocket, where it begins with the connection’s and ends with the operation’s', async () => {
  const { server, tom, lines } = await startFailingServer()
  const { send, next } = await openBareSocket(server.url)
  send({ type: 'connection_init', payload: { authorization: `Bearer ${tom.accessToken}` } })
  const { connectionId } = (await next()).payload as { connectionId: string }

  const asked = { query: CONVERSATIONS, subscription: 'subscription { inbox { cursor } }' }
  for (const [id, query] of Object.entries(asked)) {
    send({ type: 'subscribe', id, payload: { query } })
    const answer = JSON.stringify(await next())
    expect(answer).toContain('INTERNAL_SERVER_ERROR')
    expect(answer).toContain(`"requestId":"${connectionId}/${id}"`)
    expect(lines.map(({ requestId }) => requestId)).toContain(`${connectionId}/${id}`)
    if (id === 'query') await next() // complete
  }
})
