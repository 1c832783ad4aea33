import { expect, test } from 'vitest'
import { graphql } from '../support/graphql.ts'
import { listenToGroup, listenToInbox, newGroup, sendDirect, sendToGroup } from '../support/messages.ts'
import { poll } from '../support/patience.ts'
import { startServer } from '../support/testkit.ts'
import { readFamilies, readMetric } from './read-metrics.ts'

const whoIsThere = graphql(`query WhoIsThere { viewer { username } }`)

const UNITS = /_(seconds|bytes|messages|positions|connections|requests|ratio|info)$/

test('The metrics’ names and types are as Prometheus wants them, and each says what it is', async () => {
  const families = await readFamilies(await startServer())

  expect(families.size).toBeGreaterThan(40)
  for (const { name, type, help, samples } of families.values()) {
    expect(name).toMatch(/^(chatserver|nodejs|process)_[a-z0-9_]+[a-z]$|^nodejs_eventloop_lag_p\d\d_seconds$/)
    expect(help).not.toBe('')
    expect(name.endsWith('_total'), name).toBe(type === 'counter')
    if (type === 'histogram') expect(name).toMatch(UNITS)
    expect(name).not.toMatch(/milliseconds|_ms(_|$)|kilobytes|megabytes/)
    for (const sample of samples.keys()) expect(sample.startsWith(name)).toBe(true)
  }
  expect([...families.keys()]).toEqual(
    expect.arrayContaining(['nodejs_eventloop_lag_seconds', 'process_cpu_seconds_total']),
  )
})

test('They tell who listens, how many share an audience, and what is sent', async () => {
  const server = await startServer()
  const [tom, jerry] = [await server.register('tom'), await server.register('jerry')]
  const { createGroup } = await tom.request(newGroup, { name: 'The house', memberIds: [jerry.id] })
  const groupId = createGroup.group.id
  const together = [tom.listen(listenToGroup, { groupId }), jerry.listen(listenToGroup, { groupId })]
  const stream = jerry.listenOverSse(listenToInbox, {})
  await Promise.all([...together, stream].map(({ ready }) => ready))

  expect(await readMetric(server, 'chatserver_websockets')).toBe(2)
  expect(await readMetric(server, 'chatserver_signed_in_connections')).toBe(3)
  expect(await readMetric(server, 'chatserver_subscriptions{field="groupMessages",transport="websocket"}')).toBe(2)
  expect(await readMetric(server, 'chatserver_subscriptions{field="inbox",transport="sse"}')).toBe(1)
  expect(await readMetric(server, 'chatserver_rooms')).toBe(1)

  const told = await readMetric(server, 'chatserver_deliveries_total')
  const sent = await readMetric(server, 'chatserver_send_duration_seconds_count')
  await tom.request(sendToGroup, { input: { groupId, content: 'Hello' } })
  await Promise.all([...together, stream].map((listener) => listener.next()))
  expect(await readMetric(server, 'chatserver_deliveries_total')).toBe((told ?? 0) + 3)
  expect(await readMetric(server, 'chatserver_send_duration_seconds_count')).toBe((sent ?? 0) + 1)
  expect(await readMetric(server, 'chatserver_commit_group_messages_sum')).toBe((sent ?? 0) + 1)
  expect(await readMetric(server, 'chatserver_waiting_changes')).toBe(0)
  expect(await readMetric(server, 'chatserver_operations_total{transport="http",type="mutation",outcome="ok"}')).toBe(4)

  tom.close()
  jerry.close()
  await poll(async () => readMetric(server, 'chatserver_websockets'), 0)
  await poll(async () => readMetric(server, 'chatserver_subscriptions{field="inbox",transport="sse"}'), 0)
  await poll(async () => readMetric(server, 'chatserver_subscriptions{field="groupMessages",transport="websocket"}'), 0)
  expect(await readMetric(server, 'chatserver_rooms')).toBe(0)
})

test('Those who ask for the same are one audience; with shared execution off, nobody is in any', async () => {
  for (const sharedExecution of [true, false]) {
    const server = await startServer({ sharedExecution })
    const people = [await server.register('tom'), await server.register('jerry'), await server.register('spike')]
    await Promise.all(people.map((person) => person.listen(listenToInbox, {}).ready))

    expect(await readMetric(server, 'chatserver_audiences')).toBe(sharedExecution ? 1 : 0)
    const part = (name: string) => readMetric(server, `chatserver_audience_subscriptions{part="${name}"}`)
    expect([await part('all'), await part('largest'), await part('none')]).toEqual(
      sharedExecution ? [3, 3, 0] : [0, 0, 3],
    )
  }
})

test('What comes of operations and sign-ins is counted by its code, and no word of a client’s becomes a label', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  await expect(server.login({ username: 'tom', password: 'wrong' })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  await expect(server.anonymous.request(whoIsThere)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  await tom.post({ query: 'query Snoop { snoop { snoop } }' })
  await tom.post({ query: '{ viewer { username ' })
  await tom.post({ query: 'query Snoop { viewer { snoop: username } }', operationName: 'Snoop' })
  await fetch(server.url.replace('graphql', 'snoop'))
  await fetch(`${server.url.replace('graphql', 'media')}/snoop`)

  const of = (labels: string) => readMetric(server, `chatserver_operations_total{transport="http",${labels}}`)
  expect(await of('type="query",outcome="UNAUTHENTICATED"')).toBe(1)
  expect(await of('type="unknown",outcome="GRAPHQL_VALIDATION_FAILED"')).toBe(1)
  expect(await of('type="unknown",outcome="GRAPHQL_PARSE_FAILED"')).toBe(1)
  expect(await of('type="query",outcome="ok"')).toBe(1)
  expect(await readMetric(server, 'chatserver_sign_ins_total{way="register",outcome="ok"}')).toBe(1)
  expect(await readMetric(server, 'chatserver_sign_ins_total{way="login",outcome="UNAUTHENTICATED"}')).toBe(1)
  expect(await readMetric(server, 'chatserver_http_requests_total{route="other",status="404"}')).toBe(1)
  const samples = [...(await readFamilies(server)).values()].flatMap((family) => [...family.samples.keys()])
  expect(samples.filter((sample) => /snoop/i.test(sample))).toEqual([])
})

test('Two servers in one process count for themselves', async () => {
  const [one, other] = [await startServer(), await startServer()]
  const [tom, jerry] = [await one.register('tom'), await one.register('jerry')]
  await tom.request(sendDirect, { input: { to: { username: jerry.username }, content: 'Hello' } })

  expect(await readMetric(one, 'chatserver_send_duration_seconds_count')).toBe(1)
  expect(await readMetric(other, 'chatserver_send_duration_seconds_count')).toBe(0)
})
