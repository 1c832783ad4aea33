import { pino } from 'pino'
import { expect, test } from 'vitest'
import { Prisma } from '../../src/generated/prisma/client.ts'
import { REDACTION } from '../../src/redaction.ts'
import { changePassword, login, refreshSession, register } from '../auth/operations.ts'
import { openBareSocket } from '../support/bare-socket.ts'
import { findSecrets } from '../support/secret-search.ts'
import { startServer } from '../support/testkit.ts'

test('What fails in signing in, at whatever place, is logged without what signs in', { timeout: 60_000 }, async () => {
  const lines: string[] = []
  const server = await startServer({}, pino({ level: 'trace' }, { write: (line) => void lines.push(line) }))
  const tom = await server.register('tom')
  const { password, refreshToken, accessToken } = tom
  const fresh = { username: 'jerry', password: 'the password of jerry' }
  const secrets = [password, fresh.password, 'another password of tom', refreshToken, accessToken]

  for (const table of ['RefreshToken', 'Session', 'Password', 'User']) {
    await server.app.services.database.writeSql((sql) =>
      sql.run(Prisma.sql`ALTER TABLE ${Prisma.raw(`"${table}"`)} RENAME TO ${Prisma.raw(`"No${table}"`)}`),
    )
    const answers = await Promise.allSettled([
      server.anonymous.request(register, { input: fresh }),
      server.anonymous.request(login, { login: 'tom', password }),
      server.anonymous.request(refreshSession, { refreshToken }),
      tom.request(changePassword, { currentPassword: password, newPassword: 'another password of tom' }),
    ])
    expect(answers.map(({ status }) => status)).toContain('rejected')
    for (const answer of answers) expect(findSecrets(String(Object(answer).reason), secrets)).toEqual([])
  }

  expect(lines.length).toBeGreaterThan(0)
  expect(findSecrets(lines.join(''), secrets)).toEqual([])
})

test('A token in a socket’s address, or anywhere that a request can have one, isn’t logged', async () => {
  const lines: string[] = []
  const server = await startServer({}, pino({ level: 'trace' }, { write: (line) => void lines.push(line) }))
  const { accessToken } = await server.register('tom')

  const socket = await openBareSocket(server.url, { query: `?token=${accessToken}` })
  socket.send({ type: 'connection_init' })
  await socket.next()
  socket.socket.send(Buffer.from([0xff, 0xff]))
  socket.send(`no JSON, ${accessToken}`)
  await socket.closed
  await fetch(`${server.url}?token=${accessToken}&query={nonsense(token:"${accessToken}")}`)
  await fetch(new URL(`/media/${accessToken}`, server.url), { headers: { authorization: `Bearer ${accessToken}` } })

  expect(findSecrets(lines.join(''), [accessToken])).toEqual([])
})

test('A password of the wrong type isn’t quoted in the error, on either transport', async () => {
  const { anonymous, url } = await startServer()
  const secret = 'the password of tom'
  const asked = [
    {
      query: 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }',
      variables: { input: { login: 'tom', password: [secret] } },
    },
    { query: `mutation { login(input: { login: "tom", password: ["${secret}"] }) { accessToken } }` },
  ]
  const socket = await openBareSocket(url)
  socket.send(JSON.stringify({ type: 'connection_init' }))
  await socket.next()

  for (const payload of asked) {
    const overHttp = await (await anonymous.post(payload)).text()
    socket.send(JSON.stringify({ type: 'subscribe', id: 'login', payload }))
    const overSocket = await socket.next()
    if (overSocket.type === 'next') await socket.next()
    for (const answer of [overHttp, JSON.stringify(overSocket)]) {
      expect(answer).toContain('String cannot represent a non string value')
      expect(answer).not.toContain(secret)
    }
  }
})

test('Should a secret get into the log after all, it is blotted out by its name', () => {
  const lines: string[] = []
  const logger = pino({ redact: REDACTION }, { write: (line) => void lines.push(line) })

  logger.info({ password: 'cheese', req: { headers: { authorization: 'Bearer cheese' } }, input: { token: 'cheese' } })

  expect(lines.join('')).not.toContain('cheese')
  expect(lines.join('')).toContain('[secret]')
})
