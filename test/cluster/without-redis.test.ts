import { expect, test } from 'vitest'
import { startLoad } from '../chaos/load.ts'
import { needs } from '../support/needs.ts'
import { seededRandom } from '../support/random.ts'
import { CROWD, endNode, expectUndisturbed, NO_REDIS, startInstallation } from './installation.ts'

const timeout = 90_000

needs('postgres')('Without Redis', () => {
  test('two nodes deliver, and say that it takes longer', { timeout }, async () => {
    const { urls, nodes, say } = await startInstallation({})
    await say(NO_REDIS)
    const load = await startLoad({ urls, random: seededRandom(), ...CROWD })
    await load.listening()
    await load.progress(10 * CROWD.senders)
    await expectUndisturbed(load)
    for (const node of nodes) expect(await endNode(node)).toContain('No REDIS_URL')
  })
})
