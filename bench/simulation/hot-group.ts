import { createChance } from './chance.ts'
import { summarise, type Waits } from './waits.ts'

/** Times are in ms. */
export interface HotGroupOptions {
  /** Who listens on one node. */
  listeners: number
  /** Messages in a ms. */
  rate: number
  /** What a turn of the event loop takes for each listener, however many messages it writes to him. */
  perWrite: number
  /** What each of those messages takes on top, for each listener. */
  perMessage: number
  /** How long messages come. */
  time: number
  seed: number
}

export interface HotGroupOutcome {
  /** From a message's coming to when it has been written to the last listener. */
  waits: Waits
  /** Messages written together, on average. */
  batch: number
  /** The longest turn, in which the node did nothing else. */
  stall: number
  /** The share of the time in which the node was writing. */
  busy: number
}

/** A node that tells the listeners of one group: all that has come is written together, while more comes. */
export function simulateHotGroup(options: HotGroupOptions): HotGroupOutcome {
  const { listeners, rate, perWrite, perMessage, time, seed } = options
  const chance = createChance(seed)
  const waits: number[] = []
  let next = chance.pause(rate)
  let now = 0
  let turns = 0
  let stall = 0
  let written = 0
  while (next < time) {
    now = Math.max(now, next)
    const came: number[] = []
    for (; next <= now; next += chance.pause(rate)) came.push(next)
    const turn = listeners * (perWrite + perMessage * came.length)
    now += turn
    written += turn
    turns++
    stall = Math.max(stall, turn)
    for (const at of came) waits.push(now - at)
  }
  return {
    waits: summarise(waits),
    batch: waits.length / turns,
    stall,
    busy: Math.min(1, written / Math.max(now, time)),
  }
}
