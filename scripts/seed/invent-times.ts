import type { Draw } from './chances.ts'

const DAY = 24 * 3_600_000 // ms
const TALK = 12 // messages, on average
const PAUSE = 45_000 // ms between two messages of a talk, on average
const NIGHT = 0.03 // of what is begun by day
const WEEKEND = 0.5 // of what is begun on a working day

/**
 * When the messages of a conversation were sent: in talks of some messages each, by day rather than at night and on
 * working days rather than at weekends (UTC), lately more often than long ago.
 * @returns in order, all of them between the two times
 */
export function inventTimes(draw: Draw, count: number, since: Date, until: Date): Float64Array {
  const times = new Float64Array(count)
  let left = 0
  let at = 0
  for (let index = 0; index < count; index++) {
    if (left === 0 || at >= until.getTime()) {
      left = 1 + Math.floor(draw.pause(1 / TALK))
      at = beginning(draw, since, until)
    }
    times[index] = Math.floor(at)
    at += 1_000 + draw.pause(1 / PAUSE)
    left--
  }
  return times.sort()
}

function beginning(draw: Draw, since: Date, until: Date): number {
  for (;;) {
    const at = since.getTime() + (until.getTime() - since.getTime()) * Math.sqrt(draw.next())
    const hour = Math.floor((at % DAY) / 3_600_000)
    const isWeekend = new Date(at).getUTCDay() % 6 === 0
    const likelihood = (hour < 7 || hour > 22 ? NIGHT : 1) * (isWeekend ? WEEKEND : 1)
    if (draw.next() < likelihood) return at
  }
}
