import { expect, test } from 'vitest'
import { changePassword, login, refreshSession } from '../auth/operations.ts'
import { codeOf, overHttp, overSocket } from '../rates/rate-limited.ts'
import { startServer, type TestServer } from '../support/testkit.ts'
import { deleteAccount, updateProfile } from '../user/operations.ts'
import { at, BEHIND_PROXY, watchHashes } from './attacker.ts'

const HOUR = 3_600_000 // ms
const RATES = { login: { points: 8, duration: HOUR }, account: { points: 3, duration: HOUR } }
const HOME = '198.51.100.7'

/** Guesses at one account, each from another address. */
async function bruteForce(server: TestServer, name: string, guesses: number) {
  const codes = []
  for (let host = 0; host < guesses; host++) codes.push(await at(server, `203.0.113.${host}`).logIn(name, 'a guess'))
  return codes
}

test('One account is tried from many addresses: few guesses are compared, and its owner signs in meanwhile', async () => {
  const server = await startServer({ ...BEHIND_PROXY, rates: RATES })
  const tom = await server.register('tom')
  const home = at(server, HOME)
  expect(await home.logIn('tom', tom.password)).toBeNull()

  const hashes = watchHashes()
  const codes = await bruteForce(server, 'tom', 30)
  expect(codes.slice(0, 4)).toEqual(Array(4).fill('UNAUTHENTICATED'))
  expect(new Set(codes.slice(4))).toEqual(new Set(['RATE_LIMITED']))
  expect(hashes).toHaveBeenCalledTimes(4)

  expect(await home.logIn('tom', tom.password)).toBeNull()
  expect(await home.logIn('tom', 'a mistake')).toBe('UNAUTHENTICATED')
  expect(await home.logIn('tom', tom.password)).toBeNull()
  expect(await at(server, '192.0.2.1').logIn('tom', tom.password)).toBe('RATE_LIMITED')
})

test('A device that is signed in makes its network known, and goes on under attack', async () => {
  const server = await startServer({ ...BEHIND_PROXY, rates: RATES })
  const tom = await server.register('tom')
  await bruteForce(server, 'tom', 10)
  const cafe = at(server, '192.0.2.1')
  expect(await cafe.logIn('tom', tom.password)).toBe('RATE_LIMITED')
  await cafe.request(refreshSession, { refreshToken: tom.refreshToken })
  expect(await cafe.logIn('tom', tom.password)).toBeNull()
})

test('Each name of an account has its few guesses, however it is written', async () => {
  const server = await startServer({ ...BEHIND_PROXY, rates: RATES })
  const tom = await server.register('tom')
  await tom.request(updateProfile, { input: { email: 'tom@example.com' } })
  for (const names of [
    ['tom', 'TOM', ' tom', 'Tom', 'tOM'],
    ['tom@example.com', 'Tom@Example.com', ' tom@example.com', 'TOM@example.com', 'tom@example.COM'],
  ]) {
    const codes = []
    for (const name of names) codes.push(await at(server, '203.0.113.1').logIn(name, 'a guess'))
    expect(codes).toEqual([...Array(4).fill('UNAUTHENTICATED'), 'RATE_LIMITED'])
  }
})

test('Many accounts are tried from one network: an address, or an IPv6 /64', async () => {
  const server = await startServer({ ...BEHIND_PROXY, rates: RATES })
  const hashes = watchHashes()
  const codes = []
  for (let number = 0; number < 20; number++) {
    codes.push(await at(server, `2001:db8:1:2::${number}`).logIn(`user-${number}`, 'password123'))
  }
  expect(hashes).toHaveBeenCalledTimes(9)
  expect(codes.at(-1)).toBe('RATE_LIMITED')
  expect(await at(server, '2001:db8:1:3::1').logIn('user-1', 'password123')).toBe('UNAUTHENTICATED')
})

test('Many guesses at once, through aliases, and over sockets, are no way around', async () => {
  const server = await startServer({ rates: RATES })
  await server.register('tom')
  const hashes = watchHashes()
  const guess = 'login(input: { login: "jerry", password: "a guess" }) { accessToken }'
  const aliases = Array.from({ length: 5 }, (_, number) => `a${number}: ${guess}`)
  const socket = await overSocket(server, null)
  await Promise.all([
    overHttp(server.anonymous)(`mutation { ${aliases.join(' ')} }`),
    socket(`mutation { ${guess} }`),
    ...Array.from({ length: 20 }, () => codeOf(server.anonymous.request(login, { login: 'jerry', password: 'no' }))),
  ])
  expect(hashes).toHaveBeenCalledTimes(4)
})

test('Who has somebody’s token can’t guess his password by changing it, or by deleting the account', async () => {
  const server = await startServer({ rates: RATES })
  const tom = await server.register('tom')
  const hashes = watchHashes()
  const codes = []
  for (let number = 0; number < 5; number++) {
    const guess = { currentPassword: `a guess ${number}`, newPassword: 'another password' }
    codes.push(await codeOf(tom.request(changePassword, guess)))
    codes.push(await codeOf(tom.request(deleteAccount, { password: `a guess ${number}` })))
  }
  expect(codes).toEqual([...Array(4).fill('BAD_USER_INPUT'), ...Array(6).fill('RATE_LIMITED')])
  expect(hashes).toHaveBeenCalledTimes(4)
  await server.login(tom)
})
