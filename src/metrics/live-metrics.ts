import type { Registry } from 'prom-client'
import type { Rooms } from '../realtime/rooms.ts'
import type { Subscriber } from '../realtime/subscriber.ts'
import { readCounter, readGauge, readGauges } from './read-metrics.ts'

export interface LiveState {
  webSockets: { readonly size: number; waitingBytes(): number }
  connections: { readonly size: number }
  rooms: Pick<Rooms, 'size' | 'told'>
  /** Those of messages. */
  subscribers: ReadonlySet<Pick<Subscriber, 'audience' | 'waiting'>>
}

/** Who is connected, who listens to what, and how far behind they are. */
export function addLiveMetrics(registry: Registry, { webSockets, connections, rooms, subscribers }: LiveState): void {
  readGauge(registry, 'chatserver_websockets', 'Open WebSockets.', () => webSockets.size)
  readGauge(
    registry,
    'chatserver_signed_in_connections',
    'WebSockets that somebody signed in on, and streams over SSE.',
    () => connections.size,
  )
  readGauge(
    registry,
    'chatserver_websocket_waiting_bytes',
    'Bytes that wait for clients to read them, of all WebSockets together.',
    webSockets.waitingBytes,
  )
  readGauge(registry, 'chatserver_rooms', 'Conversations that somebody listens to here.', () => rooms.size)
  readCounter(
    registry,
    'chatserver_room_changes_total',
    'Changes of messages that were told to somebody here.',
    () => rooms.told.changes,
  )
  readCounter(
    registry,
    'chatserver_deliveries_total',
    'The same, once for each subscription that was told.',
    () => rooms.told.deliveries,
  )

  readGauge(
    registry,
    'chatserver_audiences',
    'Groups of message subscriptions that ask for the same, so that a change is executed once for each group.',
    () => countCrowd(subscribers).audiences,
  )
  readGauges(
    registry,
    {
      name: 'chatserver_audience_subscriptions',
      help: 'Message subscriptions in all audiences together; in the largest one; in none, executed one by one.',
      labelNames: ['part'],
    },
    () => {
      const { shared, largest, alone } = countCrowd(subscribers)
      return [
        [{ part: 'all' }, shared],
        [{ part: 'largest' }, largest],
        [{ part: 'none' }, alone],
      ]
    },
  )
  readGauge(
    registry,
    'chatserver_waiting_changes',
    'Changes that wait for their subscriptions, all together.',
    () => countCrowd(subscribers).waiting,
  )
  readGauge(
    registry,
    'chatserver_longest_subscription_queue',
    'Changes that wait for the subscription that most wait for; each is closed at MAX_WAITING_CHANGES.',
    () => countCrowd(subscribers).longest,
  )
}

function countCrowd(subscribers: LiveState['subscribers']) {
  const sizes = new Map<unknown, number>()
  let [waiting, longest] = [0, 0]
  for (const subscriber of subscribers) {
    sizes.set(subscriber.audience, (sizes.get(subscriber.audience) ?? 0) + 1)
    waiting += subscriber.waiting
    longest = Math.max(longest, subscriber.waiting)
  }
  const alone = sizes.get(null) ?? 0
  sizes.delete(null)
  const largest = sizes.values().reduce((most, size) => Math.max(most, size), 0)
  return { audiences: sizes.size, shared: subscribers.size - alone, largest, alone, waiting, longest }
}
