import { expect, onTestFinished, test } from 'vitest'
import { createWorkplace } from '../../bench/lib/processes.ts'
import { createWorldMaker } from '../../bench/lib/world.ts'
import { cluster } from '../../bench/suites/cluster.ts'
import { needs } from '../support/needs.ts'
import { TINY } from './tiny-scale.ts'

// It checks every answer and every delivery itself, and throws on one that is wrong.
needs('postgres', 'redis')('a cluster', () => {
  test('is measured at every size, and leaves no process', async () => {
    const workplace = createWorkplace(null)
    onTestFinished(workplace.clear)
    const { rows, costs } = await cluster({
      scale: TINY,
      workplace,
      createWorld: createWorldMaker(workplace.folder),
      largeWorld: () => Promise.reject(new Error('It needs none')),
      log: () => {},
    })
    expect(workplace.running).toBe(0)
    expect(rows.length).toBeGreaterThan(0)
    expect(costs?.alone.map(({ nodes, listening }) => [nodes, listening])).toEqual([
      [1, 0],
      [1, 1],
      [2, 0],
      [2, 1],
      [2, 2],
      [3, 0],
      [3, 1],
      [3, 2],
      [3, 3],
    ])
    // What crosses the bus doesn't depend on the machine: a message and its announcement, to whoever has to hear it.
    for (const { use } of costs?.alone ?? []) expect(use.published).toBeGreaterThanOrEqual(2)
    const bytes = (nodes: number, listening: number) =>
      costs?.alone.find((one) => one.nodes === nodes && one.listening === listening)?.use.redisOut ?? NaN
    expect(bytes(3, 3)).toBeGreaterThan(bytes(3, 0))
    expect(bytes(3, 0)).toBeGreaterThan(bytes(1, 0))
    for (const { before, hold, commit } of costs?.holds ?? []) {
      expect(before).toBeGreaterThan(0)
      expect(hold).toBeGreaterThan(commit)
    }
  }, 180_000)
})
