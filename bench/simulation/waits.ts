/** How long things took. */
export interface Waits {
  mean: number
  p50: number
  p99: number
  most: number
}

/** NaN where there was none. */
export function summarise(times: number[]): Waits {
  const sorted = Float64Array.from(times).sort()
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN
  return { mean: sorted.reduce((sum, time) => sum + time, 0) / sorted.length, p50: at(0.5), p99: at(0.99), most: at(1) }
}

/**
 * The highest load under which something holds, where it holds up to some load and not above. By bisection of the
 * logarithm.
 * @returns the lower end where it doesn't even hold there
 */
export function highest(from: number, to: number, holds: (load: number) => boolean): number {
  let [low, high] = [Math.log(from), Math.log(to)]
  if (holds(to)) return to
  while (high - low > 0.02) {
    const middle = (low + high) / 2
    if (holds(Math.exp(middle))) low = middle
    else high = middle
  }
  return Math.exp(low)
}
