import { expect, test } from 'vitest'
import { createCounts, MemoryCounts } from '../../src/rates/counts.ts'
import { createGrowingDelays } from '../../src/rates/growing-delays.ts'
import { createRates } from '../../src/rates/rates.ts'
import { newClock } from './clock.ts'

const THREE = { points: 3, duration: 10_000 }

const refusal = (retryAfter: number) =>
  expect.objectContaining({ extensions: { code: 'RATE_LIMITED', retryAfter, limit: expect.any(String) } })

test('A rate lets so many in, says when to come back, and holds for each one', () => {
  const { now, advance } = newClock()
  const rates = createRates({ send: THREE }, null, now)
  for (let time = 0; time < 3; time++) rates.take('send', 'tom')
  advance(3_500)
  expect(() => rates.take('send', 'tom')).toThrow(refusal(7))
  expect(() => rates.take('send', 'tom')).toThrow('Too many messages of one user: at most 3 in 10 s. Try again in 7 s.')
  rates.take('send', 'jerry')
  rates.take('search', 'tom')
  advance(6_500)
  for (let time = 0; time < 3; time++) rates.take('send', 'tom')
  expect(() => rates.take('send', 'tom')).toThrow(refusal(10))
})

test('What counts only once it is done may be asked about as often as one likes', () => {
  const rates = createRates({ send: THREE }, null)
  for (let time = 0; time < 10; time++) rates.check('send', 'tom')
  for (let time = 0; time < 3; time++) rates.count('send', 'tom')
  expect(() => rates.check('send', 'tom')).toThrow(refusal(10))
})

test('A million addresses are not remembered: who has not come again for the longest is forgotten', () => {
  const counts = new MemoryCounts()
  counts.add('first', 1, 60_000)
  counts.add('second', 1, 60_000)
  for (let address = 0; address < 49_999; address++) counts.add(`${address}`, 1, 60_000)
  expect(counts.find('first')).toBeNull()
  expect(counts.add('second', 1, 60_000).total).toBe(2)

  const rates = createRates({ send: { points: 1, duration: 60_000 } }, null)
  rates.take('send', 'first')
  for (let address = 0; address < 50_000; address++) rates.take('send', `${address}`)
  expect(() => rates.take('send', '49999')).toThrow(refusal(60))
  rates.take('send', 'first')
})

test('Tries beyond the rate wait twice as long each time, and tries during a wait count for nothing', async () => {
  const { now, advance } = newClock()
  const delays = createGrowingDelays(createCounts(null, now))
  const rate = { points: 3, duration: 24 * 3_600_000 }
  const enter = () => delays.enter('tom', rate)
  for (let time = 0; time < 3; time++) await enter()

  for (const wait of [10, 20, 40, 80, 160, 320, 640, 900, 900]) {
    await enter()
    for (let time = 0; time < 5; time++) await expect(enter()).rejects.toEqual(refusal(wait))
    advance(wait * 1_000)
  }
  await delays.enter('jerry', rate)
  await delays.forget('tom')
  for (let time = 0; time < 3; time++) await enter()
})

test('Of many tries at the same moment, one more than the rate is let in', async () => {
  const delays = createGrowingDelays(createCounts(null))
  const enter = () => delays.enter('tom', { points: 3, duration: 60_000 })
  const tries = await Promise.allSettled(Array.from({ length: 50 }, enter))
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(4)
})

test('A try that is taken back leaves room for another', async () => {
  const delays = createGrowingDelays(createCounts(null))
  const rate = { points: 1, duration: 60_000 }
  for (let time = 0; time < 5; time++) {
    await delays.enter('tom', rate)
    await delays.forgive('tom', rate)
  }
  await delays.enter('tom', rate)
  await delays.enter('tom', rate)
  await expect(delays.enter('tom', rate)).rejects.toEqual(refusal(10))
})
