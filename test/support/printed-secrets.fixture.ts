import { expect, test } from 'vitest'
import { notePrinted, noteSecretsIn, printedLogger } from './printed.ts'

const token = 'Rk9vQmFyQmF6UXV4-Rk9vQmFyQmF6UXV4'

const LEAKS: Record<string, () => void> = {
  nothing: () => printedLogger().info({ user: 'tom' }, 'Tom has signed in'),
  password: () => printedLogger().trace({ input: { password: 'the password of tom' } }, 'A login'),
  token: () => printedLogger().error({ err: new Error(`No such token: ${token}`) }, 'A refresh'),
  'another process': () => notePrinted(`GET /graphql?token=abcdef`),
  'an unknown token': () => printedLogger().debug('Bearer abcdefghijkl'),
}

test('leaks what it is told to', () => {
  noteSecretsIn({ input: { password: 'the password of tom' }, session: [{ refreshToken: token }] })
  const leak = LEAKS[process.env['LEAK'] ?? '']
  leak?.()
  expect(leak).toBeDefined()
})
