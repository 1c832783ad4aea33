import { Histogram, type Registry } from 'prom-client'
import { LARGEST_GROUP, type Writer, type WriterWatcher } from '../log/writer.ts'
import { readGauge } from './read-metrics.ts'

const SEND_DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] // seconds
const GROUP_SIZES = [1, 2, 5, 10, 20, 50, 100, LARGEST_GROUP]

/** What becomes of what is sent. */
export function createLogMetrics(registry: Registry): WriterWatcher & { watch(writer: Pick<Writer, 'waiting'>): void } {
  const registers = [registry]
  const durations = new Histogram({
    name: 'chatserver_send_duration_seconds',
    help: 'From a message being checked to its being durable, or refused.',
    buckets: SEND_DURATIONS,
    registers,
  }).labels({})
  const groups = new Histogram({
    name: 'chatserver_commit_group_messages',
    help: 'Messages that were stored in one transaction.',
    buckets: GROUP_SIZES,
    registers,
  })
  return {
    committed(sends) {
      groups.observe(sends.length)
      for (const duration of sends) durations.observe(duration / 1_000)
    },
    watch(writer) {
      readGauge(
        registry,
        'chatserver_waiting_sends',
        'Messages that wait for their transaction to begin.',
        () => writer.waiting,
      )
    },
  }
}
