import { setTimeout as delay } from 'node:timers/promises'

/**
 * Sends at a steady rate, in steps of a millisecond, whether or not answers have come.
 * @param rate messages a second
 * @param time ms
 * @param isOverloaded whether too much is under way to go on
 * @param send one message
 * @returns how many were sent, and whether the rate was kept up to the end
 */
export async function sendSteadily(
  { rate, time, isOverloaded }: { rate: number; time: number; isOverloaded: () => boolean },
  send: () => void,
): Promise<{ sent: number; keptUp: boolean }> {
  const start = performance.now()
  let sent = 0
  for (;;) {
    const elapsed = performance.now() - start
    if (elapsed >= time) return { sent, keptUp: true }
    for (; sent < (elapsed * rate) / 1_000; sent++) {
      if (isOverloaded()) return { sent, keptUp: false }
      send()
    }
    await delay(1)
  }
}
