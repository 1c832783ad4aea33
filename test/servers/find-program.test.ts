import { chmod, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { findProgram } from '../support/find-program.ts'
import { temporaryFolder } from '../support/testkit.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

test('the first name that is there is found, along the path, where it can be run', async () => {
  const [one, other] = await Promise.all([temporaryFolder(), temporaryFolder()])
  vi.stubEnv('PATH', [one, other].join(delimiter))
  for (const file of [join(one, 'valkey-test'), join(other, 'valkey-test'), join(one, 'redis-test')]) {
    await writeFile(file, '#!/bin/sh\n')
  }
  expect(findProgram('redis-test', 'valkey-test')).toBeUndefined()

  await chmod(join(other, 'valkey-test'), 0o755)
  expect(findProgram('redis-test', 'valkey-test')).toBe(join(other, 'valkey-test'))
  await chmod(join(one, 'redis-test'), 0o755)
  expect(findProgram('redis-test', 'valkey-test')).toBe(join(one, 'redis-test'))
})
