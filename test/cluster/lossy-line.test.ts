import { expect, test } from 'vitest'
import { startLoad } from '../chaos/load.ts'
import { type FlakyProxy, startFlakyProxy } from '../support/flaky-proxy.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { seededRandom } from '../support/random.ts'
import { startRedis } from '../support/redis-server.ts'
import { report } from '../support/report.ts'
import { isSoak, soakMinutes } from '../support/soak.ts'
import { CROWD, expectUndisturbed, noticeOf, REDIS_DOWN, startInstallation } from './installation.ts'
import { losing } from './lossy-redis.ts'

const ONE_IN = 4 // messages of Redis is lost
const LEAST_SENT = (isSoak ? 200 * soakMinutes : 20) * CROWD.senders
const CUTS = isSoak ? 20 : 5
const LONGEST_PAUSE = 5_000 // ms until a node tries again to connect

const timeout = 90_000 + soakMinutes * 60_000 + CUTS * LONGEST_PAUSE

needs('redis', 'postgres')('The line to Redis', () => {
  for (const edits of [false, true]) {
    const what = edits ? 'messages and changes of them' : 'messages'
    test(`loses some of what it carries: ${what} come all the same`, { timeout }, async (context) => {
      const redis = await startRedis()
      const random = seededRandom()
      let lost = 0
      const openFilter = () =>
        losing(() => {
          const isLost = random.oneIn(ONE_IN)
          if (isLost) lost++
          return isLost
        })
      const { url } = await startFlakyProxy(redis.url, openFilter)
      const { urls } = await startInstallation({ redisUrls: [url, url] })
      const load = await startLoad({ urls, random, edits, ...CROWD })
      await load.progress(LEAST_SENT)

      await expectUndisturbed(load)
      expect(lost).toBeGreaterThan(CROWD.senders)
      report(context, { ...CROWD, ...load.figures(), 'lost on the way': lost })
    })
  }

  test('breaks again and again', { timeout }, async () => {
    const { proxy, say, load } = await startBesideProxy()
    for (let cut = 0; cut < CUTS; cut++) {
      await proxy.carries()
      proxy.cut()
      await load.progress(CROWD.senders)
    }
    await say(null)
    await load.listening()
    await expectUndisturbed(load)
  })

  test('is gone for one node, and nobody misses anything there or elsewhere', { timeout }, async () => {
    const { proxy, nodes, say, load } = await startBesideProxy()
    proxy.part()
    await poll<unknown>(() => noticeOf(nodes[0]), REDIS_DOWN)
    expect(await noticeOf(nodes[1])).toBeNull()
    await load.listening()
    await load.progress(5 * CROWD.senders)

    proxy.mend()
    await say(null)
    await load.listening()
    await expectUndisturbed(load)
  })
})

/** The first of the nodes has its line to Redis through a proxy. */
async function startBesideProxy() {
  const redis = await startRedis()
  const proxy: FlakyProxy = await startFlakyProxy(redis.url)
  const installation = await startInstallation({ redisUrls: [proxy.url, redis.url] })
  const load = await startLoad({ urls: installation.urls, random: seededRandom(), ...CROWD })
  await load.listening()
  return { ...installation, proxy, load }
}
