import { collectDefaultMetrics, Registry } from 'prom-client'

/** They go through all sockets, twice, and the names of some break Prometheus' rules. */
const LEFT_OUT = ['handles', 'requests', 'resources'].flatMap((what) => [
  `nodejs_active_${what}`,
  `nodejs_active_${what}_total`,
])

let registry: Registry | null = null

/** Of the process: its CPU, memory, garbage collection and event loop. Measured once, however many servers it runs. */
export function processMetrics(): Registry {
  if (!registry) {
    registry = new Registry()
    collectDefaultMetrics({ register: registry })
    for (const name of LEFT_OUT) registry.removeSingleMetric(name)
  }
  return registry
}
