import { Registry } from 'prom-client'
import type { Writer } from '../log/writer.ts'
import { createClusterMetrics, type WatchedNodes } from './cluster-metrics.ts'
import { addLiveMetrics, type LiveState } from './live-metrics.ts'
import { createLogMetrics } from './log-metrics.ts'
import { processMetrics } from './process-metrics.ts'
import { createServerMetrics } from './server-metrics.ts'
import { countSignIns } from './sign-in-metrics.ts'
import { addStorageMetrics, type StorageState } from './storage-metrics.ts'

export type Metrics = ReturnType<typeof createMetrics>

interface WatchedState extends LiveState, StorageState {
  writer: Pick<Writer, 'waiting'>
  nodes: WatchedNodes
}

/**
 * What a server tells of itself to Prometheus. Each server has its own, as several may run in one process.
 * What happens often is counted; all else is read when somebody asks.
 */
export function createMetrics() {
  const registry = new Registry()
  const ofProcess = processMetrics()
  const log = createLogMetrics(registry)
  const cluster = createClusterMetrics(registry)

  return {
    server: createServerMetrics(registry),
    log,
    cluster,
    countSignIns: (services: Parameters<typeof countSignIns>[1]) => countSignIns(registry, services),
    /** Once all of it is there. */
    watch(state: WatchedState): void {
      addLiveMetrics(registry, state)
      addStorageMetrics(registry, state)
      log.watch(state.writer)
      cluster.watch(state.nodes)
    },
    /** In Prometheus' text format. */
    contentType: registry.contentType,
    async text(): Promise<string> {
      return `${await registry.metrics()}\n${await ofProcess.metrics()}`
    },
  }
}
