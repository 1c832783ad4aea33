import { Histogram, type Registry } from 'prom-client'
import type { OpenBus } from '../realtime/open-bus.ts'
import { readCounter, readGauge } from './read-metrics.ts'

const LAGS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] // seconds

export interface ClusterMetrics {
  /** @param duration ms */
  caughtUp(duration: number): void
  watch(nodes: WatchedNodes): void
}

export type WatchedNodes = Pick<OpenBus, 'behind' | 'isCluster' | 'link'>

/** What a node among others hears of them, and how late. A single one has none of it. */
export function createClusterMetrics(registry: Registry): ClusterMetrics {
  let lags: Histogram | undefined
  return {
    caughtUp: (duration) => lags?.observe(duration / 1_000),
    watch({ behind, isCluster, link }) {
      if (!isCluster) return
      lags = new Histogram({
        name: 'chatserver_bus_lag_seconds',
        help: 'From hearing that the log has grown to having told of it here, where that wasn’t at once.',
        buckets: LAGS,
        registers: [registry],
      })
      readGauge(
        registry,
        'chatserver_log_tail_missing_positions',
        'Places of the log that this node knows of and hasn’t told of yet.',
        () => behind()?.positions ?? 0,
      )
      readGauge(
        registry,
        'chatserver_log_tail_missing_seconds',
        'For how long it has been waiting for them.',
        () => (behind()?.duration ?? 0) / 1_000,
      )
      if (!link) return
      readGauge(registry, 'chatserver_redis_up', 'Whether Redis answers: 1 or 0.', () => Number(link.isUp))
      readGauge(
        registry,
        'chatserver_redis_round_trip_seconds',
        'How long this node’s last message to itself took through Redis, sent once a second; NaN while Redis is down.',
        () => (link.roundTrip ?? Number.NaN) / 1_000,
      )
      readCounter(
        registry,
        'chatserver_redis_dropped_messages_total',
        'Messages to other nodes that Redis has not taken; what they told of, those read in the log.',
        () => link.dropped,
      )
    },
  }
}
