import { createSecretKey } from 'node:crypto'
import { SignJWT } from 'jose'
import { afterEach, expect, test, vi } from 'vitest'
import { createAccessTokens } from '../../src/auth/access-tokens.ts'

const SECRET = 'a secret of at least 32 characters'
const tokens = createAccessTokens(SECRET)

afterEach(() => void vi.useRealTimers())

test('a token says who asks, for 15 minutes', async () => {
  const before = Date.now()
  const { token, expiresAt } = await tokens.issue('tom', 'session')

  expect(expiresAt.getTime() - before).toBeGreaterThan(14.9 * 60_000)
  expect(expiresAt.getTime() - before).toBeLessThanOrEqual(15 * 60_000 + 1_000)
  expect(await tokens.verify(token)).toEqual({ userId: 'tom', sessionId: 'session', expiresAt: expiresAt.getTime() })
})

test('two tokens of a session differ', async () => {
  expect((await tokens.issue('tom', 'session')).token).not.toBe((await tokens.issue('tom', 'session')).token)
})

test('an expired token is refused, with what to do', async () => {
  const { token, expiresAt } = await tokens.issue('tom', 'session')
  vi.useFakeTimers({ toFake: ['Date'], now: expiresAt.getTime() + 1_000 })

  await expect(tokens.verify(token)).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
    message: expect.stringMatching(/expired.*refreshSession/),
  })
})

test.each<[string, () => Promise<string>]>([
  ['nonsense', async () => 'nonsense'],
  ['an empty one', async () => ''],
  ['one of another key', () => forge({ secret: 'another secret of 32 characters or more' })],
  ['one of another issuer', () => forge({ issuer: 'somebody' })],
  ['one for another audience', () => forge({ audience: 'somebody' })],
  ['one of another algorithm', () => forge({ alg: 'HS512' })],
  ['one without a session', () => forge({ claims: {} })],
  ['one without a user', () => forge({ subject: '' })],
  ['one without an end', () => forge({ expires: false })],
  ['one that lasts longer than any', () => forge({ lifetime: '16m' })],
  ['one without a beginning', () => forge({ issuedAt: null })],
  ['one of the future', () => forge({ issuedAt: Math.floor(Date.now() / 1_000) + 120 })],
  ['one that is not signed', async () => unsigned()],
  ['one whose claims were changed', () => tampered()],
])('%s is refused', async (_, make) => {
  await expect(tokens.verify(await make())).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
    message: expect.stringMatching(/invalid.*login/),
  })
})

interface Forgery {
  secret?: string
  alg?: string
  issuer?: string
  audience?: string
  subject?: string
  claims?: { sid?: string }
  expires?: boolean
  lifetime?: string
  /** In seconds since 1970. */
  issuedAt?: number | null
}

async function forge({
  secret = SECRET,
  alg = 'HS256',
  issuer = 'chatserver',
  audience = 'chatserver',
  subject = 'tom',
  claims = { sid: 'session' },
  expires = true,
  lifetime = '5m',
  issuedAt = Math.floor(Date.now() / 1_000),
}: Forgery = {}) {
  const token = new SignJWT(claims)
    .setProtectedHeader({ alg })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(subject)
  if (expires) token.setExpirationTime(lifetime)
  if (issuedAt !== null) token.setIssuedAt(issuedAt)
  return token.sign(createSecretKey(secret, 'utf8'))
}

test('the forgeries differ from a good token only in what they say', async () => {
  expect(await tokens.verify(await forge())).toMatchObject({ userId: 'tom' })
})

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

function unsigned() {
  const exp = Math.floor(Date.now() / 1_000) + 300
  const claims = { sub: 'tom', sid: 'session', iss: 'chatserver', aud: 'chatserver', exp }
  return `${encode({ alg: 'none' })}.${encode(claims)}.`
}

async function tampered() {
  const [header, payload = '', signature] = (await forge()).split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  return `${header}.${encode({ ...claims, sub: 'jerry' })}.${signature}`
}
