import { createHmac, createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { exportJWK, type JWTHeaderParameters, SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { decodeAnyId } from '../../src/ids.ts'
import { refreshSession } from '../auth/operations.ts'
import { startServer, type TestServer, type TestUser } from '../support/testkit.ts'
import { deleteAccount } from '../user/operations.ts'
import { REFUSED_EVERYWHERE, tryEverywhere, WELCOME_EVERYWHERE } from './every-way-in.ts'

const SECRET = 'the secret of the server under attack'
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const publicPem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString()

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const now = () => Math.floor(Date.now() / 1_000)
const hmac = (secret: string) => createSecretKey(secret, 'utf8')

/** What an attacker knows of Tom's session: all but the server's secret. */
interface Target {
  server: TestServer
  tom: TestUser
  jerry: TestUser
  claims: Record<string, unknown>
}

async function openTarget(): Promise<Target> {
  const server = await startServer({ jwtSecret: SECRET })
  const [tom, jerry] = await Promise.all([server.register('tom'), server.register('jerry')])
  const { userId, sessionId } = await server.app.services.sessions.authenticate(tom.accessToken)
  const claims = { sub: userId, sid: sessionId, iss: 'chatserver', aud: 'chatserver', iat: now(), exp: now() + 300 }
  return { server, tom, jerry, claims }
}

function sign(
  claims: Record<string, unknown>,
  key: KeyObject = hmac(SECRET),
  header: JWTHeaderParameters = { alg: 'HS256' },
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader(header).sign(key)
}

/** What jose would not sign. */
function forgeByHand(header: object, claims: object, secret: string): string {
  const body = `${encode(header)}.${encode(claims)}`
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`
}

const FORGERIES: Record<string, (target: Target) => Promise<string>> = {
  'unsigned, as alg none': async ({ claims }) => `${encode({ alg: 'none' })}.${encode(claims)}.`,
  'unsigned, as alg None, with a signature': async ({ tom, claims }) =>
    `${encode({ alg: 'None' })}.${encode(claims)}.${tom.accessToken.split('.')[2]}`,
  'without its signature': async ({ tom }) => `${tom.accessToken.split('.').slice(0, 2).join('.')}.`,
  'another user’s claims over Tom’s signature': async ({ tom, jerry, claims }) => {
    const [header, , signature] = tom.accessToken.split('.')
    return `${header}.${encode({ ...claims, sub: decodeAnyId(jerry.id)?.id })}.${signature}`
  },
  'another key': ({ claims }) => sign(claims, hmac('the secret of the attacker, as long as it takes')),
  'an empty key': ({ claims }) => sign(claims, createSecretKey(Buffer.alloc(32))),
  'another algorithm with the right key': ({ claims }) => sign(claims, hmac(SECRET.repeat(2)), { alg: 'HS512' }),
  'RS256 with a key of the attacker’s': ({ claims }) => sign(claims, rsa.privateKey, { alg: 'RS256' }),
  'HS256 with a public key as the secret': ({ claims }) => sign(claims, hmac(publicPem)),
  'a key brought along in its header': async ({ claims }) =>
    sign(claims, rsa.privateKey, { alg: 'RS256', jwk: await exportJWK(rsa.publicKey) }),
  'a secret brought along in its header': async ({ claims }) => {
    const secret = 'x'.repeat(32)
    const jwk = { kty: 'oct', k: Buffer.from(secret).toString('base64url') }
    return forgeByHand({ alg: 'HS256', jwk }, claims, secret)
  },
  'a key id that is an empty file': ({ claims }) =>
    sign(claims, createSecretKey(Buffer.alloc(32)), { alg: 'HS256', kid: '../../../../dev/null' }),
  'another issuer': ({ claims }) => sign({ ...claims, iss: 'attacker' }),
  'another audience': ({ claims }) => sign({ ...claims, aud: 'another-server' }),
  'no issuer': ({ claims: { iss: _, ...claims } }) => sign(claims),
  'no audience': ({ claims: { aud: _, ...claims } }) => sign(claims),
  'no user': ({ claims: { sub: _, ...claims } }) => sign(claims),
  'no session': ({ claims: { sid: _, ...claims } }) => sign(claims),
  'no end': ({ claims: { exp: _, ...claims } }) => sign(claims),
  'no beginning': ({ claims: { iat: _, ...claims } }) => sign(claims),
  expired: ({ claims }) => sign({ ...claims, iat: now() - 600, exp: now() - 1 }),
  'good for a year': ({ claims }) => sign({ ...claims, exp: now() + 365 * 86_400 }),
  'issued in the future': ({ claims }) => sign({ ...claims, iat: now() + 600, exp: now() + 900 }),
  'not good before the future': ({ claims }) => sign({ ...claims, nbf: now() + 120 }),
  'an end that is no number': async ({ claims }) =>
    forgeByHand({ alg: 'HS256' }, { ...claims, exp: '9999999999' }, SECRET),
  'a user in another’s session': ({ claims, jerry }) => sign({ ...claims, sub: decodeAnyId(jerry.id)?.id }),
  'a session that never was': ({ claims }) => sign({ ...claims, sid: '0198c1d2-0000-7000-8000-000000000000' }),
  'claims of other kinds than text': ({ claims }) => sign({ ...claims, sid: { not: '' } as never }),
  'a refresh token': async ({ tom }) => tom.refreshToken,
  garbage: async () => 'eyJhbGciOiJIUzI1NiJ9.e30.garbage~~~',
  'dots alone': async () => '....',
  'a very long one': async ({ tom }) => tom.accessToken + 'A'.repeat(4_000),
}

test('No forged token is welcome at any way in', { timeout: 60_000 }, async () => {
  const target = await openTarget()
  for (const [name, forge] of Object.entries(FORGERIES)) {
    expect(await tryEverywhere(target.server, await forge(target)), name).toEqual(REFUSED_EVERYWHERE)
  }
})

test('What makes those differ from a good token is what they are refused for', async () => {
  const target = await openTarget()
  expect(await tryEverywhere(target.server, await sign(target.claims))).toEqual(WELCOME_EVERYWHERE)
})

test('The tokens of a deleted account are refused at every way in, however many sign in and refresh meanwhile', {
  timeout: 60_000,
}, async () => {
  const { server, tom, claims } = await openTarget()
  const phone = await server.login(tom)
  const race = await Promise.allSettled([
    server.login(tom),
    server.anonymous.request(refreshSession, phone),
    tom.request(deleteAccount, { password: tom.password }),
    server.login(tom),
    server.anonymous.request(refreshSession, phone),
  ])

  expect(race[2]).toMatchObject({ status: 'fulfilled' })
  const { database } = server.app.services
  expect(await database.read.session.findMany({ where: { userId: String(claims['sub']) } })).toEqual([])
  for (const token of [tom.accessToken, phone.accessToken, await sign(claims)]) {
    expect(await tryEverywhere(server, token)).toEqual(REFUSED_EVERYWHERE)
  }
})
