import { collectDefaultMetrics, Registry } from 'prom-client'

let registry: Registry | null = null

/** Of the process: its CPU, memory, garbage collection and event loop. Measured once, however many servers it runs. */
export function processMetrics(): Registry {
  if (!registry) {
    registry = new Registry()
    collectDefaultMetrics({ register: registry })
  }
  return registry
}
