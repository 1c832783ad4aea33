/** A time that passes when it is told to, in ms. */
export function newClock() {
  let time = 1_000_000
  return {
    now: () => time,
    advance(ms: number) {
      time += ms
    },
  }
}
