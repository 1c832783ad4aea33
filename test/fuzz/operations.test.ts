import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fieldsOf, operationOn, ROOTS } from './documents.ts'
import { expectAnswer, expectDiscreet } from './judge.ts'
import { often } from './odd-text.ts'
import { CHANCES, PATIENCE, RUNS } from './size.ts'
import { tryOverHttp, tryOverSocket } from './transports.ts'
import { openWorld } from './world.ts'

/** Queries cost the least, and have the most to give away. */
const SHARE = { query: 4, mutation: 1, subscription: 2 }

test.for(ROOTS)('A %s breaks nothing and gives nothing away', { timeout: 3 * PATIENCE }, async (root) => {
  const world = await openWorld()
  const { always, membersOnly } = world.secrets
  const mayJoin = root === 'mutation'
  const fields = fieldsOf(root)
  const answered = new Set<string>()

  for (const field of fields) {
    const attacker = await world.newAttacker()
    const attempt = fc.record({
      operation: operationOn(root, field, attacker.loot),
      overSocket: fc.boolean(),
      signedIn: often(6, fc.constant(true), fc.constant(false)),
    })
    const holds = fc.asyncProperty(attempt, async ({ operation, overSocket, signedIn }) => {
      const accessToken = signedIn ? await attacker.newToken() : null
      const tryIt = overSocket ? tryOverSocket : tryOverHttp
      for (const { text, answer } of await tryIt({ world, attacker, accessToken, root, operation })) {
        expectDiscreet(text, mayJoin && signedIn ? [always] : [always, membersOnly])
        if (answer) expectAnswer(answer)
        if (Object(answer?.data)[field.name]) answered.add(field.name)
      }
      expect(world.faults()).toEqual([])
    })
    await fc.assert(holds, { numRuns: SHARE[root] * RUNS, ...CHANCES })
  }

  // Else all of that was refused at the door.
  expect(answered.size).toBeGreaterThan(fields.length / 3)
})
