import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../src/database/database.ts'
import { createLogReader } from '../../src/log/reader.ts'
import { openBus } from '../../src/realtime/open-bus.ts'
import { poll } from '../support/patience.ts'
import { startRedis } from '../support/redis-server.ts'
import { newDatabase } from '../support/testkit.ts'

async function open(config: { databaseUrl: string; redisUrl?: string }) {
  const database = await openDatabase(await newDatabase())
  onTestFinished(() => database.close())
  const logger = pino({ level: 'silent' })
  const nodes = await openBus({ config, database, reader: createLogReader(database), userIds: () => [], logger })
  onTestFinished(() => nodes.close())
  return nodes
}

test('The database says whether there may be several nodes, and the settings what connects them', async () => {
  const redis = await startRedis()
  const databaseUrl = 'postgresql://localhost/chat'

  const alone = await open({ databaseUrl: 'file:chat.db' })
  expect([alone.isCluster, alone.notice()]).toEqual([false, null])
  const withoutRedis = await open({ databaseUrl })
  expect([withoutRedis.isCluster, withoutRedis.notice()]).toEqual([true, expect.stringContaining('without Redis')])
  const withRedis = await open({ databaseUrl, redisUrl: redis.url })
  expect([withRedis.isCluster, withRedis.notice()]).toEqual([true, null])
})

test('Nodes of different logs on one Redis hear nothing of each other', async () => {
  const redis = await startRedis()
  const [one, other] = [1, 2].map(() => open({ databaseUrl: 'postgresql://localhost/chat', redisUrl: redis.url }))
  const nodes = await Promise.all([one, other])
  const heard: string[] = []
  for (const [index, node] of nodes.entries()) {
    node?.bus.subscribe('user:tom', () => heard.push(`at ${index}`))
  }
  await poll(async () => (await nodes[1]?.link?.run((redis) => redis.pubsub('SHARDCHANNELS', '*user:tom')))?.length, 2)

  nodes[0]?.bus.publish('user:tom', { type: 'presence', userId: 'tom' })
  nodes[1]?.bus.publish('user:tom', { type: 'presence', userId: 'tom' })
  await nodes[1]?.link?.run((redis) => redis.ping())

  expect(heard).toEqual(['at 0', 'at 1'])
})
