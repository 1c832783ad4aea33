import { expect, onTestFinished, test } from 'vitest'
import { checkNewPassword, createPasswords } from '../../src/auth/passwords.ts'

function startPasswords() {
  const passwords = createPasswords()
  onTestFinished(() => passwords.close())
  return passwords
}

test('a hash matches its password alone', async () => {
  const passwords = startPasswords()
  const hash = await passwords.hash('correct horse')

  expect(hash).toMatch(/^\$2b\$10\$/)
  expect(await passwords.verify('correct horse', hash)).toBe(true)
  expect(await passwords.verify('correct horsf', hash)).toBe(false)
})

test('nothing matches where there is no hash, and it takes the time of a comparison', async () => {
  const passwords = startPasswords()
  const hash = await passwords.hash('correct horse')
  const measure = async (stored: string | null) => {
    const start = performance.now()
    expect(await passwords.verify('wrong horse', stored)).toBe(false)
    return performance.now() - start
  }

  let [known, unknown] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  // By turns, so that whatever else the machine does delays both.
  for (let round = 0; round < 5; round++) {
    known = Math.min(known, await measure(hash))
    unknown = Math.min(unknown, await measure(null))
  }
  expect(unknown).toBeGreaterThan(known / 2)
  expect(unknown).toBeLessThan(known * 2)
})

test('what goes on after 72 matching bytes does not match', async () => {
  const passwords = startPasswords()
  const hash = await passwords.hash('x'.repeat(72))

  expect(await passwords.verify('x'.repeat(72), hash)).toBe(true)
  expect(await passwords.verify('x'.repeat(73), hash)).toBe(false)
})

test('hashing leaves the main thread free', async () => {
  const passwords = startPasswords()
  await passwords.hash('the threads have started')
  let turns = 0
  const counting = setInterval(() => turns++, 1)
  onTestFinished(() => clearInterval(counting))

  await Promise.all(Array.from({ length: 4 }, () => passwords.hash('four at once')))
  // bcryptjs on this thread would let a turn in each 100 ms: two or three.
  expect(turns).toBeGreaterThan(10)
})

test('too many at once are refused rather than kept waiting', async () => {
  const passwords = createPasswords()
  const outcomes = Array.from({ length: 300 }, () => passwords.hash('one of many').catch((error) => error))

  expect(await Promise.race(outcomes.slice(250))).toMatchObject({ code: 'RATE_LIMITED', extensions: { retryAfter: 5 } })
  await passwords.close()
})

test('where strangers are too many, who is known waits with those who came before', async () => {
  const passwords = createPasswords()
  const verify = (isKnown: boolean) =>
    passwords.verify('a guess', null, isKnown).then(
      () => 'compared',
      (error) => error.code ?? 'closed',
    )
  const strangers = Array.from({ length: 150 }, () => verify(false))
  const known = verify(true)
  const last = verify(false)

  // A refusal would have come before the last one's.
  expect(await Promise.race([known, last.then((outcome) => `the last: ${outcome}`)])).toBe('the last: RATE_LIMITED')
  await passwords.close()
  expect(await known).toBe('closed')
  await Promise.all(strangers)
})

test('a new password has 8 to 72 bytes, however many characters that is', () => {
  const refusal = expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT', field: 'password' } })
  const check = (password: string) => () => checkNewPassword(password, 'password')

  expect(check('1234567')).toThrow(refusal)
  expect(check('12345678')()).toBe('12345678')
  expect(check('ääää')()).toBe('ääää')
  expect(check('x'.repeat(72))()).toBe('x'.repeat(72))
  expect(check('x'.repeat(73))).toThrow(refusal)
  expect(check('ä'.repeat(37))).toThrow(/74\).*no further than 72 bytes/)
  expect(check('12345678\0')).toThrow(refusal)
  expect(check('12345678\ud800')).toThrow(refusal)
})
