import { expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { stateOf } from '../support/process-family.ts'
import { startRedis } from '../support/redis-server.ts'
import { openWire, type Wire } from './wire.ts'

needs('redis')('a Redis of a test', () => {
  test('has forgotten all when it is back from a crash, at the same port', async () => {
    const redis = await startRedis()
    const before = await openWire(redis.port)
    expect(await before.ask('SET name tom\r\n')).toBe('+OK\r\n')

    await redis.kill()
    await before.closed
    await expect(openWire(redis.port)).rejects.toThrow('ECONNREFUSED')

    await redis.restart()
    const after = await openWire(redis.port)
    expect(await after.ask('GET name\r\n')).toBe('$-1\r\n')
  })

  test('stands still while it is frozen, and answers afterwards on the same connection', async () => {
    const redis = await startRedis()
    const wire = await openWire(redis.port)
    const pid = await pidOf(wire)

    await redis.freeze()
    expect(await stateOf(pid)).toBe('T')
    const answer = wire.ask('PING\r\n')
    redis.thaw()
    expect(await answer).toBe('+PONG\r\n')
  })

  test('is started anew where it runs, and where it was stopped', async () => {
    const redis = await startRedis()
    const first = await openWire(redis.port)
    const pid = await pidOf(first)
    await redis.restart()
    await first.closed

    await redis.stop()
    await expect(openWire(redis.port)).rejects.toThrow('ECONNREFUSED')
    await redis.restart()
    expect(await pidOf(await openWire(redis.port))).not.toBe(pid)
  })

  test('can be killed while it is frozen', async () => {
    const redis = await startRedis()
    const wire = await openWire(redis.port)
    await redis.freeze()
    await redis.kill()
    await wire.closed
    await redis.restart()
    expect(await (await openWire(redis.port)).ask('PING\r\n')).toBe('+PONG\r\n')
  })
})

async function pidOf(wire: Wire): Promise<number> {
  const [, pid] = /process_id:(\d+)/.exec(await wire.ask('INFO server\r\n')) ?? []
  return Number(pid)
}
