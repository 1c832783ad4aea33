/** Chances that come again with their seed. */
export interface Chance {
  /** From 0 up to 1. */
  next(): number
  /** The time to the next of events that come by chance. @param rate how many come in a unit of time, on average */
  pause(rate: number): number
}

/** Mulberry32, by Tommy Ettinger. */
export function createChance(seed: number): Chance {
  let state = seed
  function next(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return { next, pause: (rate) => -Math.log(1 - next()) / rate }
}
