import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runProgram } from '../admin/command-line.ts'
import { temporaryFolder } from '../support/testkit.ts'

const SCRIPT = join(import.meta.dirname, '../../scripts/release-check.ts')
const timeout = 60_000 // ms: npm is slow on a busy machine

const advisory = {
  id: 1,
  url: 'https://github.com/advisories/GHSA-0000-0000-0000',
  title: 'Passwords are compared backwards',
  severity: 'high',
  vulnerable_versions: '>=1.0.0',
  cwe: [],
  cvss: { score: 0, vectorString: null },
}

/** Checks what a registry says that gives this answer. */
async function check(answer: (response: ServerResponse) => void) {
  const registry = createServer((request, response) => {
    if (request.url?.includes('/security/advisories/')) return answer(response)
    // What npm asks of a vulnerable package: which versions there are.
    const versions = { '3.0.3': { name: 'bcryptjs', version: '3.0.3' } }
    return response.end(JSON.stringify({ name: 'bcryptjs', 'dist-tags': { latest: '3.0.3' }, versions }))
  }).listen(0, '127.0.0.1')
  await once(registry, 'listening')
  onTestFinished(() => {
    registry.close()
    registry.closeAllConnections()
  })
  const folder = await temporaryFolder()
  const bill = join(folder, 'bill.json')
  const { port } = registry.address() as AddressInfo
  const given = { npm_config_registry: `http://127.0.0.1:${port}`, npm_config_cache: folder }
  const ended = await runProgram([process.execPath, SCRIPT, bill], given)
  return { ...ended, bill: JSON.parse(await readFile(bill, 'utf8')) }
}

test('Packages of which the registry knows nothing bad are fit, and listed', { timeout }, async () => {
  const { code, stderr, bill } = await check((response) => response.end('{}'))

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const lock = JSON.parse(await readFile(join(import.meta.dirname, '../../package-lock.json'), 'utf8'))
  const locked = Object.entries<{ version: string }>(lock.packages)
    .filter(([path]) => path)
    .map(([path, { version }]) => `${path.split('node_modules/').pop()}@${version}`)
  const listed = bill.components.map(({ name, version }: Record<string, string>) => `${name}@${version}`)
  expect(bill.metadata.component.name).toBe('chatserver')
  expect(listed.sort()).toEqual([...new Set(locked)].sort())
})

test('A known vulnerability is a failure that names the package', { timeout }, async () => {
  const { code, stderr } = await check((response) => response.end(JSON.stringify({ bcryptjs: [advisory] })))

  expect(code).toBe(1)
  expect(stderr).toMatch(/known vulnerabilities: bcryptjs .*\(high\)/)
})

test('An audit that the registry refuses is a failure too, and said so', { timeout }, async () => {
  const { code, stdout, stderr } = await check((response) => response.writeHead(405).end('Method Not Allowed'))

  expect(code).toBe(1)
  expect(stdout).toContain('Not fit for a release.')
  expect(stderr).toMatch(/^THE AUDIT COULD NOT BE MADE: .*405/)
})
