import { createChance } from './chance.ts'
import { Timeline } from './timeline.ts'
import { summarise, type Waits } from './waits.ts'

/** Work for one node and for its share of the database: ms of each. */
export interface Work {
  node: number
  database: number
}

/** Times are in ms. */
export interface ReconnectOptions {
  /** Who comes to one node. */
  clients: number
  /** What it takes until a client is signed in, and then until it has what it missed. */
  connect: Work
  catchUp: Work
  /** All come within this time from the start, evenly. */
  spread: number
  /** How long a client waits to be signed in before it gives up. */
  patience: number
  /** The pause after so many failures in a row. @param chance from 0 up to 1 */
  pause: (failures: number, chance: number) => number
  /** Connections in a ms that are let through, the others being refused at once; all where it is left out. */
  acceptRate?: number | undefined
  /** It ends by then. */
  time: number
  seed: number
}

export interface ReconnectOutcome {
  /** From the start to when a client has what it missed. */
  back: Waits
  /** The share of the clients that are back in the end. */
  share: number
  /** Tries of a client, on average. */
  tries: number
  /** The share of the node's work that was for clients who had given up. */
  wasted: number
  events: number
}

const BURST = 1_000 // ms of the accept rate that may come at once

/**
 * Everybody comes back to one of several equal nodes, each of which does what it is asked for in turn, for those who
 * have given up, too. So does the database, whose share for this node is a server of its own here.
 */
export function simulateReconnect(options: ReconnectOptions): ReconnectOutcome {
  const { clients, connect, catchUp, spread, patience, pause, acceptRate, time, seed } = options
  const timeline = new Timeline()
  const chance = createChance(seed)
  const node = createStation()
  const database = createStation()
  const admits = acceptRate === undefined ? () => true : createGate(acceptRate)
  const back: number[] = []
  let tries = 0
  let wasted = 0

  function come(failures: number): void {
    const { now } = timeline
    tries++
    if (!admits(now)) {
      comeAgain(now, failures + 1)
      return
    }
    const signedIn = database(node(now, connect.node), connect.database)
    if (signedIn - now > patience) {
      wasted += connect.node
      comeAgain(now + patience, failures + 1)
      return
    }
    timeline.plan(signedIn, () => {
      const at = database(node(signedIn, catchUp.node), catchUp.database)
      if (at <= time) back.push(at)
    })
  }

  function comeAgain(after: number, failures: number): void {
    timeline.plan(after + pause(failures, chance.next()), () => come(failures))
  }

  for (let client = 0; client < clients; client++) timeline.plan(chance.next() * spread, () => come(0))
  timeline.run(time)
  const useful = back.length * (connect.node + catchUp.node)
  return {
    back: summarise(back),
    share: back.length / clients,
    tries: tries / clients,
    wasted: wasted / (useful + wasted),
    events: timeline.events,
  }
}

/** Does one thing after another. @returns when what comes at a time, and takes so long, is done */
function createStation(): (at: number, duration: number) => number {
  let freeAt = 0
  return (at, duration) => {
    freeAt = Math.max(freeAt, at) + duration
    return freeAt
  }
}

/** A bucket of tokens. */
function createGate(rate: number): (at: number) => boolean {
  const size = Math.max(1, rate * BURST)
  let tokens = size
  let last = 0
  return (at) => {
    tokens = Math.min(size, tokens + (at - last) * rate)
    last = at
    if (tokens < 1) return false
    tokens--
    return true
  }
}
