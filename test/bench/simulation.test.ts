import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCosts } from '../../bench/lib/cluster-costs.ts'
import { needOf, nodesReached, USE } from '../../bench/simulation/capacity.ts'
import { type CounterOptions, simulateCounter } from '../../bench/simulation/counter.ts'
import { fitLine } from '../../bench/simulation/fit.ts'
import { type HotGroupOptions, simulateHotGroup } from '../../bench/simulation/hot-group.ts'
import { toModel } from '../../bench/simulation/model.ts'
import { type ReconnectOptions, simulateReconnect } from '../../bench/simulation/reconnect.ts'
import { readPage, withFindings } from '../../bench/simulation/scaling-page.ts'
import { simulate } from '../../bench/simulation/scenarios.ts'
import { Timeline } from '../../bench/simulation/timeline.ts'
import { highest } from '../../bench/simulation/waits.ts'

const SEED = 7

test('events come in their order, however they were planned', () => {
  const times = fc.array(fc.nat(20))
  fc.assert(
    fc.property(times, times, (first, second) => {
      const timeline = new Timeline()
      const came: [at: number, number: number][] = []
      let number = 0
      function plan(at: number) {
        const mine = number++
        timeline.plan(at, () => {
          expect(timeline.now).toBe(at)
          came.push([at, mine])
        })
      }
      first.forEach(plan)
      timeline.run(10)
      for (const [at] of came) expect(at).toBeLessThanOrEqual(10)
      for (const at of second) plan(at + 11)
      timeline.run()
      expect(came).toEqual(came.toSorted(([a, i], [b, j]) => a - b || i - j))
      expect(came).toHaveLength(first.length + second.length)
    }),
  )
})

test('a line through points that lie on one is that line', () => {
  const points = [
    [0, 0],
    [1, 0],
    [2, 5],
    [3, 1],
  ].map(([x = 0, y = 0]) => ({ at: [x, y], value: 4 + 3 * x - 2 * y }))
  const { base, slopes } = fitLine(points)
  for (const [index, value] of [4, 3, -2].entries()) expect([base, ...slopes][index]).toBeCloseTo(value)
})

test('the highest load is found', () => {
  expect(highest(1, 1_000, (load) => load <= 50) / 50).toBeCloseTo(1, 1)
  expect(highest(1, 1_000, () => true)).toBe(1_000)
  expect(highest(1, 1_000, () => false)).toBe(1)
})

describe('the counter', () => {
  const common: CounterOptions = {
    nodes: 1,
    rate: 0.5,
    largestGroup: 1,
    before: () => 0,
    hold: () => 1,
    time: 400_000,
    seed: SEED,
  }

  test.for([0.3, 0.5, 0.8])('is an M/D/1 queue where each message is stored alone, at a load of %d', (load) => {
    const { waits, busy } = simulateCounter({ ...common, rate: load })
    // Pollaczek and Khinchine's formula, with the time of service.
    const expected = 1 + load / (2 * (1 - load))
    expect(Math.abs(waits.mean / expected - 1)).toBeLessThan(0.03)
    expect(Math.abs(busy / load - 1)).toBeLessThan(0.03)
  })

  test('stores no more than full groups allow, and keeps up with less', () => {
    const grouped = { ...common, nodes: 5, largestGroup: 10, hold: (group: number) => 1 + group / 10, time: 20_000 }
    expect(simulateCounter({ ...grouped, rate: 5.5 })).toMatchObject({ keptUp: false })
    const { keptUp, group } = simulateCounter({ ...grouped, rate: 4 })
    expect(keptUp).toBe(true)
    expect(group).toBeGreaterThan(5)
    expect(group).toBeLessThanOrEqual(10)
  })

  test('is the same again with the same seed alone', () => {
    expect(simulateCounter(common)).toEqual(simulateCounter(common))
    expect(simulateCounter({ ...common, seed: SEED + 1 })).not.toEqual(simulateCounter(common))
  })
})

describe('the hot group', () => {
  const common: HotGroupOptions = {
    listeners: 1_000,
    rate: 0.000_01,
    perWrite: 0.01,
    perMessage: 0.001,
    time: 10_000_000,
    seed: SEED,
  }

  test('has each message by itself where they are rare', () => {
    const { waits, batch, stall } = simulateHotGroup(common)
    expect(waits.p50).toBeCloseTo(11)
    expect(stall).toBeCloseTo(11)
    expect(batch).toBeCloseTo(1, 1)
  })

  test('has more of them together where they are many, until each one’s own cost takes all of the time', () => {
    const busy = simulateHotGroup({ ...common, rate: 0.5, time: 100_000 })
    // A batch of n takes 10 + n ms, in which n = (10 + n) / 2 come.
    expect(busy.batch).toBeGreaterThan(9)
    expect(busy.batch).toBeLessThan(11)
    const over = simulateHotGroup({ ...common, rate: 2, time: 1_000 })
    expect(over.busy).toBeGreaterThan(0.99)
    expect(over.waits.most).toBeGreaterThan(1_000)
  })
})

describe('the reconnect of everybody', () => {
  const common: ReconnectOptions = {
    clients: 1_000,
    connect: { node: 2, database: 1 },
    catchUp: { node: 3, database: 1 },
    spread: 0,
    patience: Infinity,
    pause: (failures, chance) => chance * 100 * 2 ** failures,
    time: 3_600_000,
    seed: SEED,
  }

  test('takes as long as its work where nobody gives up', () => {
    const { back, share, tries, wasted } = simulateReconnect(common)
    expect(back.most).toBeCloseTo(1_000 * 5 + 1)
    expect({ share, tries, wasted }).toEqual({ share: 1, tries: 1, wasted: 0 })
  })

  test('is as slow as the slower one of node and database', () => {
    const { back } = simulateReconnect({ ...common, connect: { node: 2, database: 8 } })
    expect(back.most).toBeGreaterThanOrEqual(1_000 * 9)
  })

  test('wastes work on who has given up, unless so many are let in as can be served', () => {
    const impatient = { ...common, patience: 500 }
    const unlimited = simulateReconnect(impatient)
    expect(unlimited.wasted).toBeGreaterThan(0.1)
    expect(unlimited.tries).toBeGreaterThan(1.5)
    const limited = simulateReconnect({ ...impatient, acceptRate: 0.05 })
    expect(limited.wasted).toBe(0)
    expect(limited.share).toBe(1)
  })
})

describe('the arithmetic', () => {
  const model = { ...toModel(readCosts()), hear: 10, group: 10 }

  test('knows how many nodes a message reaches', () => {
    expect(nodesReached(1, 5)).toBe(1)
    expect(nodesReached(1_000_000, 5)).toBeCloseTo(5, 3)
    expect(nodesReached(2, 2)).toBeCloseTo(1.5)
  })

  test('says that no number of nodes is enough where each is busy with hearing alone', () => {
    const most = (USE * 1_000_000) / model.hear
    expect(needOf(model, { users: 1_000, rate: most * 1.1, listeners: 2 }, 50_000)).toBeNull()
    expect(needOf(model, { users: 1_000, rate: most * 0.5, listeners: 2 }, 50_000)?.hearing).toBeGreaterThan(0.5)
  })

  test('has a node for the connections even where they are idle', () => {
    expect(needOf(model, { users: 1_000_000, rate: 1, listeners: 2 }, 50_000)?.nodes).toBe(20)
  })
})

test('the page has what the simulation finds in the measured costs, with few events', () => {
  const findings = simulate(readCosts())
  const page = readPage()
  expect(withFindings(page, findings)).toBe(page)
  const events = [...findings.counter.map(({ half }) => half), ...findings.reconnect.map(({ outcome }) => outcome)]
  for (const outcome of events) expect(outcome.events).toBeLessThan(3_000_000)
})
