import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { Prisma } from '../../src/generated/prisma/client.ts'
import { listenToInbox } from '../support/messages.ts'
import { startServer } from '../support/testkit.ts'

test('One port serves GraphQL, GraphiQL, health and readiness', async () => {
  const server = await startServer()
  const origin = new URL(server.url).origin
  const get = (path: string, accept = '*/*') => fetch(origin + path, { headers: { accept } })

  expect((await get('/health')).status).toBe(200)
  expect((await get('/ready')).status).toBe(200)
  expect((await get('/nowhere')).status).toBe(404)
  const page = await get('/graphql', 'text/html')
  expect(page.headers.get('content-type')).toContain('text/html')
  expect(await page.text()).toContain('<title>ChatServer</title>')
  expect(await (await get('/graphql?query={__typename}')).json()).toEqual({ data: { __typename: 'Query' } })
})

test('Only JSON is taken, since any page can post the rest', async () => {
  const server = await startServer()
  const query = 'mutation { logout { ok } }'

  for (const [type, body] of [
    ['application/x-www-form-urlencoded', `query=${encodeURIComponent(query)}`],
    ['text/plain', JSON.stringify({ query })],
    ['multipart/form-data; boundary=x', '--x--'],
  ] as const) {
    const response = await fetch(server.url, { method: 'POST', headers: { 'content-type': type }, body })
    expect(response.status).toBe(415)
  }
})

test('A Host header that is none is refused without a stack', async () => {
  const { hostname, port } = new URL((await startServer()).url)
  const socket = connect(Number(port), hostname)
  socket.end('GET /graphql HTTP/1.1\r\nHost: a b c\r\nConnection: close\r\n\r\n')

  const answer = await text(socket)

  expect(answer).toMatch(/^HTTP\/1.1 400 /)
  expect(answer).not.toContain('at ')
})

test('Who offers HTTP/2, as Java does with each request, is answered over what there is', async () => {
  const { hostname, port } = new URL((await startServer()).url)
  const socket = connect(Number(port), hostname)
  const body = JSON.stringify({ query: '{ __typename }' })
  const offer = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n'
  const type = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`
  socket.end(`POST /graphql HTTP/1.1\r\nHost: ${hostname}\r\n${offer}${type}\r\n${body}`)

  expect(await text(socket)).toMatch(/^HTTP\/1.1 200 [\s\S]*\{"data":\{"__typename":"Query"\}\}/)
})

test('A stale token keeps nobody from signing in, and says what it is', async () => {
  const server = await startServer()
  const { username, password } = await server.register('tom')
  const stale = server.withToken('stale')
  const query = `mutation { login(input: { login: "${username}", password: "${password}" }) { user { username } } }`

  expect(await (await stale.post({ query })).json()).toEqual({ data: { login: { user: { username } } } })
  expect(await (await stale.post({ query: '{ viewer { id } }' })).json()).toMatchObject({
    errors: [{ extensions: { code: 'UNAUTHENTICATED' }, message: expect.stringContaining('token') }],
  })
})

test('What nobody expects is masked for the client, on both transports, and logged whole', async () => {
  const logged: string[] = []
  const logger = pino({ level: 'error' }, { write: (line) => logged.push(line) })
  const server = await startServer({}, logger)
  const tom = await server.register('tom')
  await server.app.services.database.writeSql((sql) => sql.run(Prisma.sql`DROP TABLE "Member"`))

  const response = await tom.post({ query: '{ conversations { edges { node { id } } } }' })
  const answer = await response.text()
  expect(answer).toContain('"code":"INTERNAL_SERVER_ERROR"')
  await expect(tom.listen(listenToInbox, {}).next()).rejects.toMatchObject({ code: 'INTERNAL_SERVER_ERROR' })

  expect(answer).not.toMatch(/Member|prisma|stack/i)
  expect(logged.length).toBeGreaterThanOrEqual(2)
  for (const line of logged) expect(line).toContain('Member')
})
