import type { Model } from './model.ts'

/** What users want of a cluster. */
export interface Demand {
  /** Connected, each to one node. */
  users: number
  /** Messages a second, over all. */
  rate: number
  /** Connected listeners of a message, on nodes at random. */
  listeners: number
}

/** What it takes to meet a demand. */
export interface Need {
  /** Of one core each, busy for `USE` of the time. */
  nodes: number
  /** The share of each node's work that is hearing of what others have stored. */
  hearing: number
  /** Cores busy, were one process to use so many. */
  postgres: number
  redis: number
  /** Bytes a second out of Redis. */
  redisOut: number
  /** Bytes a second out of the nodes, to clients. */
  out: number
}

/** How busy a core may be for others not to wait long. */
export const USE = 0.6
const MICROSECONDS = 1_000_000
const MOST_NODES = 100_000

/** How many nodes a message goes to that has so many listeners, each on any of them. */
export function nodesReached(nodes: number, listeners: number): number {
  return nodes * (1 - (1 - 1 / nodes) ** listeners)
}

/**
 * Multiplies what was measured. What grows with the number of nodes is counted for as many as it takes.
 * @returns null where no number is enough, as each node more has to hear of all messages, too
 */
export function needOf(model: Model, { rate, listeners, users }: Demand, connectionsPerNode: number): Need | null {
  let nodes = Math.max(1, Math.ceil(users / connectionsPerNode))
  for (;;) {
    const needed = Math.ceil((rate * workOf(model, nodes, listeners)) / (USE * MICROSECONDS))
    if (needed <= nodes) break
    nodes = needed
    if (nodes > MOST_NODES) return null
  }
  const reached = nodesReached(nodes, listeners)
  const transactions = 1 / model.group
  const copies = nodes * transactions + reached
  return {
    nodes,
    hearing: ((nodes - 1) * model.hear) / workOf(model, nodes, listeners),
    postgres: (rate * model.postgres) / MICROSECONDS,
    redis: (rate * ((1 + transactions) * model.redisPublish + copies * model.redisCopy)) / MICROSECONDS,
    redisOut: rate * (nodes * transactions * model.announcement + reached * model.payload),
    out: rate * listeners * model.frame,
  }
}

/** µs of all nodes' CPU for one message. */
function workOf(model: Model, nodes: number, listeners: number): number {
  const reached = nodesReached(nodes, listeners)
  return model.send + (nodes - 1) * model.hear + reached * model.take + (listeners - reached) * model.write
}
