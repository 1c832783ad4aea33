import { expect, test } from 'vitest'
import { login } from '../auth/operations.ts'
import { RequestError } from '../support/operation.ts'
import { startServer, type TestServer } from '../support/testkit.ts'
import { updateProfile } from '../user/operations.ts'
import { at, BEHIND_PROXY, watchHashes } from './attacker.ts'

const RATES = { login: { points: 100, duration: 3_600_000 }, account: { points: 3, duration: 3_600_000 } }

/** What somebody who guesses is answered, one guess after another. */
async function answersTo(server: TestServer, name: string, address: string) {
  const answers = []
  for (let number = 0; number < 6; number++) {
    const guess = at(server, address).request(login, { login: name, password: 'a guess' })
    answers.push(await guess.catch((error) => (error instanceof RequestError ? error.errors : error)))
  }
  return answers
}

/** How long he must wait hangs on how long the guesses took. */
function withoutWait(answer: unknown): string {
  return JSON.stringify(answer).replace(/(try again in |"retryAfter":)\d+/g, '$1some')
}

test('Neither the words nor the work of a refusal, nor when it is slowed down, tell whether a name exists', async () => {
  const server = await startServer({ ...BEHIND_PROXY, rates: RATES })
  await server.register('tom')
  const hashes = watchHashes()
  const known = await answersTo(server, 'tom', '203.0.113.1')
  const costs = hashes.mock.calls.map(([, options]) => options?.name)
  hashes.mockClear()

  const unknown = await answersTo(server, 'nobody', '203.0.113.2')
  expect(unknown.map(withoutWait)).toEqual(known.map(withoutWait))
  expect(hashes.mock.calls.map(([, options]) => options?.name)).toEqual(costs)
  expect(costs).toEqual(Array(4).fill('verify'))
})

test('That somebody’s name is slowed down doesn’t tell which email address is his', async () => {
  const server = await startServer({ ...BEHIND_PROXY, rates: RATES })
  const tom = await server.register('tom')
  await tom.request(updateProfile, { input: { email: 'tom@example.com' } })

  for (const name of ['tom', 'tom@example.com', 'nobody@example.com']) {
    const codes = (await answersTo(server, name, '203.0.113.1')).map(([{ extensions }]) => extensions.code)
    expect(codes).toEqual([...Array(4).fill('UNAUTHENTICATED'), ...Array(2).fill('RATE_LIMITED')])
  }
})

test('A password that is too long to be one is refused alike for both', async () => {
  const server = await startServer({ rates: RATES })
  await server.register('tom')
  const hashes = watchHashes()
  const refusals = ['tom', 'nobody'].map((name) =>
    server.anonymous.request(login, { login: name, password: 'x'.repeat(100) }).catch((error) => error.errors),
  )
  const [known, unknown] = await Promise.all(refusals)
  expect(known).toEqual(unknown)
  expect(hashes).not.toHaveBeenCalled()
})

test('Registering tells that a name is taken, as it must, at the cost and the rate of an account', async () => {
  const server = await startServer({ ...BEHIND_PROXY, rates: { register: { points: 3, duration: 3_600_000 } } })
  await server.register('tom')
  const hashes = watchHashes()
  const ask = async (username: string) => {
    const input = `username: "${username}", password: "a password"`
    const query = `mutation { register(input: { ${input} }) { accessToken } }`
    const response = await server.anonymous.post({ query }, { 'x-forwarded-for': '203.0.113.1' })
    const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] }
    return errors?.[0]?.extensions.code
  }
  expect(await ask('tom')).toBe('CONFLICT')
  expect(await ask('nobody')).toBeUndefined()
  expect(hashes).toHaveBeenCalledTimes(2)
  expect(await ask('tom')).toBe('CONFLICT')
  expect(await ask('tom')).toBe('RATE_LIMITED')
  expect(await ask('jerry')).toBe('RATE_LIMITED')
})
