import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { ServerObserver } from '../server/observer.ts'

const MOST_LIMITS = 50 // names of limits; they are the server's own, so that there are no more of them
const DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] // seconds

/** What happens at the server's edge. No label's value comes from a client. */
export function createServerMetrics(registry: Registry): ServerObserver {
  const registers = [registry]
  const operations = new Counter({
    name: 'chatserver_operations_total',
    help: 'Operations answered, and subscriptions begun, by what came of them: ok, or the code of the first error.',
    labelNames: ['transport', 'type', 'outcome'],
    registers,
  })
  const durations = new Histogram({
    name: 'chatserver_operation_duration_seconds',
    help: 'From an operation’s arrival to its result; of a subscription, to its beginning.',
    labelNames: ['transport', 'type'],
    buckets: DURATIONS,
    registers,
  })
  const subscriptions = new Gauge({
    name: 'chatserver_subscriptions',
    help: 'Subscriptions under way. Over SSE, each is a stream of its own.',
    labelNames: ['field', 'transport'],
    registers,
  })
  const refusals = new Counter({
    name: 'chatserver_refusals_total',
    help: 'What was refused because of a limit, by the limit.',
    labelNames: ['limit'],
    registers,
  })
  const slowReaders = new Counter({
    name: 'chatserver_slow_readers_closed_total',
    help: 'Clients that were disconnected because they let too much wait.',
    labelNames: ['transport'],
    registers,
  })
  const uploads = new Counter({
    name: 'chatserver_uploads_total',
    help: 'Uploads, by what came of them: ok, or the error’s code.',
    labelNames: ['outcome'],
    registers,
  })
  const uploadBytes = new Counter({
    name: 'chatserver_upload_bytes_total',
    help: 'Bytes of the files that were stored.',
    registers,
  })
  const requests = new Counter({
    name: 'chatserver_http_requests_total',
    help: 'Answers over HTTP, by where they were asked for.',
    labelNames: ['route', 'status'],
    registers,
  })
  const limits = new Set<string>()
  // Zero until then, where an increase would otherwise not be seen.
  for (const transport of ['websocket', 'sse']) slowReaders.inc({ transport }, 0)

  return {
    operation({ transport, type, duration, outcome }) {
      operations.inc({ transport, type, outcome })
      durations.observe({ transport, type }, duration / 1_000)
    },
    subscription(field, transport) {
      const labels = { field, transport }
      subscriptions.inc(labels)
      return () => subscriptions.dec(labels)
    },
    refusal(limit) {
      if (limits.size < MOST_LIMITS) limits.add(limit)
      refusals.inc({ limit: limits.has(limit) ? limit : 'other' })
    },
    slowReader: (transport) => slowReaders.inc({ transport }),
    upload(outcome, bytes) {
      uploads.inc({ outcome })
      uploadBytes.inc(bytes)
    },
    request: (route, status) => requests.inc({ route, status }),
  }
}
