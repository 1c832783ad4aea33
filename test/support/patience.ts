import { type EventEmitter, once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { RequestError } from './operation.ts'
import { isSoak } from './soak.ts'

export const RETRY_INTERVAL = 50 // ms
const POLL_INTERVAL = 10 // ms
const PATIENCE = (isSoak ? 120 : 30) * 1_000 // ms; only a test that fails waits that long

/**
 * Asks until there is an answer: once more where the line broke, or where the server says to try again.
 * @param onSetback hears of each answer that wasn't one; what it throws ends the asking
 * @throws RequestError where asking again leads nowhere
 */
export async function insist<T>(ask: () => Promise<T>, onSetback: (error: unknown) => void = () => {}): Promise<T> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (error instanceof RequestError && error.code !== 'INTERNAL_SERVER_ERROR') throw error
      onSetback(error)
      await delay(RETRY_INTERVAL)
    }
  }
}

/** Resolves once the condition holds, which is looked at with each such event. */
export async function until(emitter: EventEmitter, event: string, condition: () => boolean): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE)
  while (!condition()) {
    await once(emitter, event, { signal }).catch(() => {
      throw new Error(`Waited ${PATIENCE / 1_000} s in vain until ${condition}`)
    })
  }
}

/** Resolves once the state that is asked for again and again is the one awaited. */
export async function poll<T>(ask: () => Promise<T>, awaited: T): Promise<void> {
  const deadline = Date.now() + PATIENCE
  for (let state = await ask(); state !== awaited; state = await ask()) {
    if (Date.now() > deadline) throw new Error(`Polled ${PATIENCE / 1_000} s in vain for ${awaited}: it is ${state}`)
    await delay(POLL_INTERVAL)
  }
}
