import { createChance } from './chance.ts'
import { Timeline } from './timeline.ts'
import { summarise, type Waits } from './waits.ts'

/** Times are in ms. */
export interface CounterOptions {
  nodes: number
  /** Messages in a ms, over all nodes. */
  rate: number
  /** Most messages in one transaction. */
  largestGroup: number
  /** How long a transaction of so many messages takes before it takes the counter, beside those of other nodes. */
  before: (group: number) => number
  /** For how long it keeps the counter. */
  hold: (group: number) => number
  /** How long messages come. */
  time: number
  seed: number
}

export interface CounterOutcome {
  /** From a message's coming to its commit. */
  waits: Waits
  /** Messages in a transaction, on average. */
  group: number
  /** The share of the time in which somebody has the counter. */
  busy: number
  /** Whether no more was left in the end than is usual. */
  keptUp: boolean
  events: number
}

const BEHIND = 1_000 // ms that a message which hasn't been taken yet may have waited in the end

/**
 * Nodes that store messages in groups, one transaction of each node at a time, all of which need the log's one counter
 * from some point on until they end. Messages come by chance, and whoever waits for the counter gets it in his turn.
 */
export function simulateCounter(options: CounterOptions): CounterOutcome {
  const { nodes, rate, largestGroup, before, hold, time, seed } = options
  const timeline = new Timeline()
  const chance = createChance(seed)
  const queue: (() => void)[] = []
  const waits: number[] = []
  const nextOf = Array.from({ length: nodes }, () => chance.pause(rate / nodes))
  let isHeld = false
  let held = 0
  let transactions = 0

  /** A node takes what has come by now, and sleeps until something does. */
  function begin(node: number): void {
    const came: number[] = []
    let next = nextOf[node] as number
    for (; next <= timeline.now && came.length < largestGroup; next += chance.pause(rate / nodes)) came.push(next)
    nextOf[node] = next
    if (came.length === 0) timeline.plan(next, () => begin(node))
    else timeline.plan(timeline.now + before(came.length), () => ask(node, came))
  }

  function ask(node: number, came: number[]): void {
    queue.push(() => take(node, came))
    serve()
  }

  function serve(): void {
    if (isHeld) return
    queue.shift()?.()
  }

  function take(node: number, came: number[]): void {
    isHeld = true
    const duration = hold(came.length)
    held += duration
    transactions++
    timeline.plan(timeline.now + duration, () => {
      for (const at of came) waits.push(timeline.now - at)
      isHeld = false
      serve()
      begin(node)
    })
  }

  for (let node = 0; node < nodes; node++) begin(node)
  timeline.run(time)
  return {
    waits: summarise(waits),
    group: waits.length / transactions,
    busy: Math.min(1, held / time),
    keptUp: nextOf.every((next) => next > time - BEHIND),
    events: timeline.events,
  }
}
