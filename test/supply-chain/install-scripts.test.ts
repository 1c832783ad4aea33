import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const read = (name: string) => readFileSync(join(import.meta.dirname, '../..', name), 'utf8')
const manifest = JSON.parse(read('package.json'))
const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { hasInstallScript?: true }> }

/** Packages that would run something of theirs while they are installed. */
const WITH_SCRIPTS = Object.entries(lock.packages)
  .filter(([path, { hasInstallScript }]) => path && hasInstallScript)
  .map(([path]) => path.split('node_modules/').pop() ?? '')

test('No package runs anything while it is installed: those that would are denied it', () => {
  const denied = Object.entries(manifest.allowScripts).map(([name, isAllowed]) => ({ name, isAllowed }))
  for (const { name, isAllowed } of denied) expect({ name, isAllowed }).toEqual({ name, isAllowed: false })
  expect(denied.map(({ name }) => name)).toEqual(expect.arrayContaining(WITH_SCRIPTS))
})

test('SECURITY.md names each of them, and what its script is for', () => {
  const [, named = ''] = /## What an installation runs\n([\s\S]+?)\n## /.exec(read('SECURITY.md')) ?? []
  const rows = [...named.matchAll(/^\| `([^`]+)` \| .{20,} \|$/gm)].map(([, name]) => name)
  expect(rows).toEqual(WITH_SCRIPTS.toSorted())
})

test('What the project itself runs is its own, in its own folder', () => {
  const { install, postinstall, preinstall, prepare } = manifest.scripts
  expect({ preinstall, prepare }).toEqual({})
  for (const command of `${install} && ${postinstall}`.split(' && '))
    expect(command).toMatch(/^node scripts\/[\w-]+\.m?[jt]s( --[\w-]+)*$/)
})
