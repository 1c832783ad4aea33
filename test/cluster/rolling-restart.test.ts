import { expect, test } from 'vitest'
import { startLoad } from '../chaos/load.ts'
import { startLoadBalancer, workingNodes } from '../support/load-balancer.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { seededRandom } from '../support/random.ts'
import { startRedis } from '../support/redis-server.ts'
import { report } from '../support/report.ts'
import { isSoak } from '../support/soak.ts'
import { CROWD, endNode, startInstallation } from './installation.ts'

const ROUNDS = isSoak ? 10 : 1
const RETRYABLE = [1001, 1006] // how a socket may be closed: by the node's end, or with the load balancer's line to it

const timeout = 90_000 + ROUNDS * 60_000

/** As in compose.yaml, by processes. */
needs(
  'redis',
  'postgres',
  'haproxy',
)('Behind the load balancer', () => {
  test('one node after the other is restarted under load, and nobody loses anything', { timeout }, async (context) => {
    const redis = await startRedis()
    const { nodes, urls } = await startInstallation({ redisUrls: [redis.url, redis.url] })
    const balancer = await startLoadBalancer(new URL(urls[0]).host, new URL(urls[1]).host)
    const load = await startLoad({ urls: [`${balancer.url}/graphql`], random: seededRandom(), ...CROWD })
    await load.listening()

    for (let round = 0; round < ROUNDS; round++) {
      for (const node of nodes) {
        await load.progress(5 * CROWD.senders)
        await endNode(node)
        // All are at the other one now.
        await load.listening()
        await node.start().url
        await poll(() => workingNodes(balancer), 'node-1 node-2')
      }
    }
    await load.progress(5 * CROWD.senders)

    expect(await load.finish()).toEqual([])
    expect(load.refusals).toEqual([])
    for (const { code } of load.closings) expect(RETRYABLE).toContain(code)
    // Each socket was at one of the nodes at least when that ended.
    expect(load.closings.length).toBeGreaterThanOrEqual(CROWD.listeners)
    report(context, { ...CROWD, ...load.figures() })
    for (const node of nodes) await endNode(node)
  })
})
