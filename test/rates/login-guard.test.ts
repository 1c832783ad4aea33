import { expect, test } from 'vitest'
import { createCounts } from '../../src/rates/counts.ts'
import { createLoginGuard } from '../../src/rates/login-guard.ts'
import { newClock } from './clock.ts'

const HOUR = 3_600_000 // ms
const HOME = { network: '198.51.100.7' }

function newGuard() {
  const { now, advance } = newClock()
  const counts = () => createCounts(null, now)
  const rates = { login: { points: 6, duration: HOUR }, account: { points: 3, duration: HOUR } }
  const guard = createLoginGuard(rates, counts)
  /** Whether the password was compared. */
  async function guess(account: string, source: Parameters<typeof guard.attempt>[1], isRight = false) {
    try {
      expect(await guard.attempt({ userId: account, by: 'username' }, source, async () => isRight)).toBe(isRight)
      return true
    } catch (error) {
      expect(error).toMatchObject({ code: 'RATE_LIMITED', extensions: { retryAfter: expect.any(Number) } })
      return false
    }
  }
  /** How many of many guesses at one account from ever new networks are compared. */
  async function attack(account: string, guesses: number) {
    const compared = []
    for (let host = 0; host < guesses; host++) compared.push(await guess(account, { network: `203.0.113.${host}` }))
    return compared.filter(Boolean).length
  }
  return { guard, guess, attack, advance }
}

test('An attacker with many networks has a few guesses at one account together', async () => {
  const { attack, advance } = newGuard()
  expect(await attack('tom', 100)).toBe(4)
  expect(await attack('jerry', 100)).toBe(4)
  advance(10_000)
  expect(await attack('tom', 100)).toBe(1)
})

test('The attack goes on, and the owner signs in where he did before, mistyping now and then', async () => {
  const { guard, guess, attack } = newGuard()
  await guard.know('tom', HOME.network)
  for (let round = 0; round < 5; round++) {
    await attack('tom', 50)
    expect(await guess('tom', HOME)).toBe(true)
    expect(await guess('tom', HOME, true)).toBe(true)
  }
})

test('At a new place the owner waits for as long as the attacker at most, and the place is known from then on', async () => {
  const { guard, guess, attack, advance } = newGuard()
  await attack('tom', 50)
  expect(await guess('tom', HOME, true)).toBe(false)
  advance(15 * 60_000)
  expect(await guess('tom', HOME, true)).toBe(true)
  await guard.know('tom', HOME.network)
  await attack('tom', 50)
  expect(await guess('tom', HOME, true)).toBe(true)
})

test('A network that tries many accounts is slowed down, and whoever lives there is not', async () => {
  const { guard, guess } = newGuard()
  await guard.know('tom', HOME.network)
  const compared = []
  for (let account = 0; account < 20; account++) compared.push(await guess(`account ${account}`, HOME))
  expect(compared.filter(Boolean)).toHaveLength(7)
  expect(await guess('jerry', HOME, true)).toBe(false)
  expect(await guess('tom', HOME, true)).toBe(true)
})

test('Signing in to an account of one’s own forgives no guesses at others', async () => {
  const { guess } = newGuard()
  const compared = []
  for (let account = 0; account < 20; account++) {
    compared.push(await guess(`account ${account}`, HOME))
    await guess('mine', HOME, true)
  }
  expect(compared.filter(Boolean).length).toBeLessThanOrEqual(7)
})

test('A known network’s guesses have an end as well', async () => {
  const { guard, guess } = newGuard()
  await guard.know('tom', HOME.network)
  const compared = []
  for (let time = 0; time < 20; time++) compared.push(await guess('tom', HOME))
  expect(compared.filter(Boolean)).toHaveLength(4)
})

test('A session has guesses of its own, which no stranger uses up, and which have an end', async () => {
  const { guess, attack } = newGuard()
  await attack('tom', 50)
  const compared = []
  for (let time = 0; time < 20; time++) compared.push(await guess('tom', { sessionId: 'a session' }))
  expect(compared.filter(Boolean)).toHaveLength(4)
  expect(await guess('tom', { sessionId: 'another session' }, true)).toBe(true)
})

test('A password that could not be compared counts for nothing', async () => {
  const { guard, attack } = newGuard()
  for (let time = 0; time < 20; time++) {
    const failing = guard.attempt({ userId: 'tom', by: 'username' }, HOME, () => Promise.reject(new Error('busy')))
    await expect(failing).rejects.toThrow('busy')
  }
  expect(await attack('tom', 50)).toBe(4)
})
