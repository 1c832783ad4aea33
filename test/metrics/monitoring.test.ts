import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { listenToInbox, sendDirect } from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import { newPostgresDatabase } from '../support/postgres-database.ts'
import { startRedis } from '../support/redis-server.ts'
import { newSqliteDatabase, startServer } from '../support/testkit.ts'
import { readFamilies } from './read-metrics.ts'

const FOLDER = join(import.meta.dirname, '../../docs/monitoring')

interface Panel {
  title: string
  targets?: { expr: string }[]
}

interface Rule {
  alert: string
  expr: string
  labels: { severity: string }
  annotations: { summary: string; description: string }
}

const { panels }: { panels: Panel[] } = JSON.parse(readFileSync(join(FOLDER, 'grafana-dashboard.json'), 'utf8'))
const { groups }: { groups: { rules: Rule[] }[] } = parse(readFileSync(join(FOLDER, 'alerts.yaml'), 'utf8'))
const rules = groups.flatMap((group) => group.rules)

const KEYWORDS = new Set('by and or unless on sum max min rate increase histogram_quantile'.split(' '))

/** Each metric of an expression, with the labels that it is asked by. */
function* metricsOf(expression: string): Generator<{ name: string; labels: string[] }> {
  const groupings = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names = '']) => names.split(/, */))
  const withoutGroupings = expression.replace(/\bby \([^)]*\)/g, '')
  for (const [, name = '', matchers = ''] of withoutGroupings.matchAll(/\b([a-z_]\w*)\b(?!\()(?:\{([^}]*)\})?/g)) {
    // Durations and what stands between quotation marks are no metrics.
    if (KEYWORDS.has(name) || !/^(chatserver|nodejs|process)_|^up$/.test(name)) continue
    yield { name, labels: [...groupings, ...[...matchers.matchAll(/(\w+)[=!]/g)].map(([, label = '']) => label)] }
  }
}

/** The labels of each sample that servers of either kind tell, once everything has happened to them. */
async function tellAll(): Promise<Map<string, Set<string>>> {
  // Of every sample; Prometheus adds these two.
  const told = new Map([['up', new Set(['job', 'instance'])]])
  const urls = [await newSqliteDatabase(), await newPostgresDatabase()]
  const { url: redisUrl } = await startRedis()
  for (const databaseUrl of urls) {
    const cluster = databaseUrl.startsWith('file:') ? {} : { redisUrl }
    const server = await startServer({ databaseUrl, ...cluster, limits: { connectionsPerUser: 1 } })
    const [tom, jerry] = [await server.register('tom'), await server.register('jerry')]
    await jerry.listen(listenToInbox, {}).ready
    await expect(jerry.listenOverSse(listenToInbox, {}).next()).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    await tom.request(sendDirect, { input: { to: { username: 'jerry' }, content: 'Hello' } })
    await fetch(server.url.replace('graphql', 'media'), { method: 'POST' })
    for (const { samples } of (await readFamilies(server)).values()) {
      for (const sample of samples.keys()) {
        const [name = ''] = sample.split('{')
        const labels = told.get(name) ?? new Set(['job', 'instance'])
        for (const [, label = ''] of sample.matchAll(/(\w+)="/g)) labels.add(label)
        told.set(name, labels)
      }
    }
  }
  return told
}

needs('redis', 'postgres')('the dashboard and the alert rules', () => {
  test('ask for metrics that there are, by labels that they have', { timeout: 60_000 }, async () => {
    const told = await tellAll()
    const expressions = [
      ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const)),
      ...rules.map(({ alert, expr }) => [alert, expr] as const),
    ]

    expect(expressions.length).toBeGreaterThan(50)
    for (const [where, expression] of expressions) {
      const metrics = [...metricsOf(expression)]
      expect(metrics, where).not.toEqual([])
      for (const { name, labels } of metrics) {
        const known = told.get(name)
        if (!known) throw new Error(`${where}: no metric is called ${name}`)
        expect([...known], `${where}: ${name}`).toEqual(expect.arrayContaining(labels))
      }
    }
  })

  test('leave out none of the server’s own metrics', { timeout: 60_000 }, async () => {
    const asked = new Set(
      panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => [...metricsOf(expr)]).map(({ name }) => name)),
    )
    const own = [...(await tellAll()).keys()].filter((name) => name.startsWith('chatserver_'))
    const families = new Set(own.map((name) => name.replace(/_(bucket|sum|count)$/, '')))

    const shown = (family: string) => ['', '_bucket', '_sum', '_count'].some((end) => asked.has(family + end))
    expect([...families].filter((family) => !shown(family))).toEqual([])
  })
})

test('Each alert says how bad it is, what it is, and what to look at', () => {
  expect(rules.length).toBeGreaterThan(10)
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
  for (const { alert, labels, annotations } of rules) {
    expect(['critical', 'warning'], alert).toContain(labels.severity)
    expect(annotations.summary, alert).toMatch(/[^.]$/)
    expect(annotations.description, alert).toMatch(/[.?”]$/)
  }
})
