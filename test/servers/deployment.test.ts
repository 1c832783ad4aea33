import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { settings } from '../../src/settings.ts'

const read = (name: string) => readFile(join(import.meta.dirname, '../..', name), 'utf8')

interface Service {
  image: string
  environment?: Record<string, unknown>
  volumes?: string[]
  depends_on?: Record<string, { condition: string }> | string[]
  healthcheck?: { test: unknown[] }
  read_only?: boolean
  restart?: string
  stop_grace_period?: string
}

interface Compose {
  services: Record<string, Service>
  volumes: Record<string, unknown>
}

describe('compose.yaml', async () => {
  const { services, volumes } = parse(await read('compose.yaml'), { merge: true }) as Compose

  test('has two equal nodes, a load balancer, PostgreSQL and Redis', () => {
    expect(Object.keys(services).sort()).toEqual(['haproxy', 'node-1', 'node-2', 'postgres', 'redis'])
    expect(services['node-1']).toEqual(services['node-2'])
  })

  test("knows its services, volumes and files, and the server's settings", async () => {
    for (const { depends_on = [], volumes: mounts = [] } of Object.values(services)) {
      const others = Array.isArray(depends_on) ? depends_on : Object.keys(depends_on)
      expect(Object.keys(services)).toEqual(expect.arrayContaining(others))
      for (const [source = ''] of mounts.map((mount) => mount.split(':'))) {
        if (source.startsWith('./')) await read(source)
        else expect(Object.keys(volumes)).toContain(source)
      }
    }
    const known = [...Object.keys(settings.shape), 'REDIS_URL']
    expect(known).toEqual(expect.arrayContaining(Object.keys(services['node-1']?.environment ?? {})))
    // HAProxy's variables are those that its configuration names.
    const named = [...(await read('deploy/haproxy.cfg')).matchAll(/^[^#\n]*"[^"\n]*\$\{(\w+)\}"/gm)].map(
      ([, name]) => name,
    )
    expect(Object.keys(services['haproxy']?.environment ?? {}).sort()).toEqual(named.sort())
  })

  test('starts the nodes when what they need is healthy, and lets them stop in their own time', () => {
    const { depends_on, read_only, restart, stop_grace_period } = services['node-1'] ?? {}
    expect(depends_on).toEqual({
      postgres: { condition: 'service_healthy' },
      redis: { condition: 'service_healthy' },
    })
    for (const name of ['postgres', 'redis', 'haproxy']) expect(services[name]?.healthcheck?.test).not.toHaveLength(0)
    expect(read_only).toBe(true)
    expect(restart).toBe('unless-stopped')
    expect(Number.parseInt(stop_grace_period ?? '', 10)).toBeGreaterThan(10) // s that a server takes at most
  })
})

describe('the image', async () => {
  const lines = (await read('Dockerfile'))
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter(Boolean)
    .map((line) => /^(\w+) +(.*)$/.exec(line)?.slice(1) as [string, string])
  const last = lines.slice(lines.findLastIndex(([name]) => name === 'FROM'))
  const argumentsOf = (name: string) => last.findLast(([other]) => other === name)?.[1] ?? ''

  test('is built in a stage of its own, on the Node that the project runs on', () => {
    const bases = lines.filter(([name]) => name === 'FROM').map(([, base]) => base.split(' ')[0])
    expect(bases).toHaveLength(2)
    for (const base of bases) expect(base).toBe(`node:${process.versions.node.split('.')[0]}-bookworm-slim`)
  })

  test('runs as somebody who owns nothing but the data', () => {
    expect(argumentsOf('USER')).toBe('node')
    expect(argumentsOf('RUN')).toBe('mkdir data && chown node:node data')
    expect(argumentsOf('VOLUME')).toBe('/app/data')
    expect(last.findIndex(([name]) => name === 'USER')).toBeGreaterThan(last.findIndex(([name]) => name === 'RUN'))
  })

  test('starts the server as its first process, which gets the signals, and asks it whether it is alive', () => {
    expect(JSON.parse(argumentsOf('CMD'))).toEqual(['node', expect.any(String), 'src/main.ts'])
    expect(argumentsOf('ENTRYPOINT')).toBe('')
    expect(argumentsOf('HEALTHCHECK')).toMatch(/CMD \["node", "--eval", ".*\/health/)
  })

  test('is made of what .dockerignore lets through', async () => {
    const ignored = (await read('.dockerignore')).split('\n').filter((line) => line && !line.startsWith('#'))
    expect(ignored[0]).toBe('*')
    const sources = lines
      .filter(([name, value]) => name === 'COPY' && !value.startsWith('--from'))
      .flatMap(([, value]) => value.split(' ').slice(0, -1))
    expect(
      ignored
        .filter((line) => line.startsWith('!'))
        .map((line) => line.slice(1))
        .sort(),
    ).toEqual(sources.sort())
  })
})
