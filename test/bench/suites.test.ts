import { existsSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { createLargeWorld } from '../../bench/lib/large-world.ts'
import { createWorkplace } from '../../bench/lib/processes.ts'
import type { Bench } from '../../bench/lib/suite.ts'
import { createWorldMaker, type World } from '../../bench/lib/world.ts'
import { suites } from '../../bench/suites/suites.ts'
import { TINY } from './tiny-scale.ts'

// Each suite checks every answer and every delivery itself, and throws on one that is wrong. These use all the parts.
const some = ['fan-out', 'groups', 'send', 'history', 'search']

test.runIf(process.platform === 'linux').for(some)('%s measures, and cleans up', async (name) => {
  const workplace = createWorkplace(null)
  onTestFinished(workplace.clear)
  const createWorld = createWorldMaker(workplace.folder)
  let large: Promise<World> | undefined
  const bench: Bench = {
    scale: TINY,
    workplace,
    createWorld,
    largeWorld() {
      large ??= createLargeWorld(createWorld, TINY)
      return large
    },
    log: () => {},
  }

  const { rows = [] } = (await suites[name]?.(bench)) ?? {}
  expect(rows.length).toBeGreaterThan(0)
  for (const { what, ours } of rows) expect(ours, what).toEqual([expect.toSatisfy((figure) => figure >= 0)])
  expect(workplace.running).toBe(0)
  workplace.clear()
  expect(existsSync(workplace.folder)).toBe(false)
})
