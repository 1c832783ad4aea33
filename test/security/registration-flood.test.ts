import { expect, test } from 'vitest'
import { overHttp, overSocket, RATE_LIMITED } from '../rates/rate-limited.ts'
import { startServer } from '../support/testkit.ts'
import { BEHIND_PROXY, watchHashes } from './attacker.ts'

const register = (username: string) =>
  `mutation { register(input: { username: "${username}", password: "a password" }) { accessToken } }`

test('One network makes so many accounts, over HTTP and sockets together, and costs no hashes beyond', async () => {
  const server = await startServer({ ...BEHIND_PROXY, rates: { register: { points: 3, duration: 3_600_000 } } })
  const headers = { 'x-forwarded-for': '203.0.113.1' }
  const http = overHttp(server.anonymous, headers)
  const socket = await overSocket(server, null, headers)
  const hashes = watchHashes()

  expect(await http(register('one'))).toBeUndefined()
  expect(await socket(register('two'))).toBeUndefined()
  expect(await http(register('three'))).toBeUndefined()
  for (const ask of [http, socket, http]) expect(await ask(register('four'))).toEqual([RATE_LIMITED])

  expect(hashes).toHaveBeenCalledTimes(3)
  expect(await overHttp(server.anonymous, { 'x-forwarded-for': '203.0.113.2' })(register('four'))).toBeUndefined()
})
