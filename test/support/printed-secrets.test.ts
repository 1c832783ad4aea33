import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findSecrets } from './secret-search.ts'

const VITEST = join(import.meta.dirname, '../../node_modules/vitest/vitest.mjs')
const CONFIG = join(import.meta.dirname, 'printed-secrets.config.ts')
const timeout = 60_000 // ms

/** Runs a suite whose one test passes, and prints something. */
function runWith(leak: string) {
  const env = { ...process.env, LEAK: leak }
  const { stdout, stderr, status } = spawnSync(process.execPath, [VITEST, 'run', '--config', CONFIG], {
    env,
    encoding: 'utf8',
  })
  return { output: stdout + stderr, status }
}

test('A run in which nothing is leaked passes', { timeout }, () => {
  const { status, output } = runWith('nothing')
  expect(output).not.toContain('have printed')
  expect(status).toBe(0)
})

test.each(['password', 'token', 'another process', 'an unknown token'])(
  'A run that leaks %s fails',
  { timeout },
  (leak) => {
    const { status, output } = runWith(leak)
    expect(output).toContain('Servers have printed secrets')
    expect(status).toBe(1)
  },
)

test('Secrets are found wherever they lie, and nothing else is', () => {
  const secrets = ['the password of tom', 'Rk9vQmFyQmF6UXV4-Rk9vQmFyQmF6', 'p@ss w0rd!!']
  for (const secret of secrets) {
    expect(findSecrets(`{"msg":"x","token":"${secret}","y":1}`, secrets)).toHaveLength(1)
    expect(findSecrets(`${secret} ${secret}`, secrets)).toHaveLength(2)
  }
  const harmless =
    'Send an access token as "Authorization: Bearer …". The password of Jerry; 01940c2b-7c3e-7a60-b8a3-1f4a3e3e3a11'
  expect(findSecrets(harmless, secrets)).toEqual([])
})
