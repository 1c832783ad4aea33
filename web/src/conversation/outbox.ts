import type { Client, CombinedError } from 'urql'
import { v7 as uuid } from 'uuid'
import { isPassing, messageOf } from '../client/errors.ts'
import { waitForNetwork } from '../client/live-line.ts'
import { createObservable, type Observable } from '../client/observable.ts'
import { SendToGroup, SendToUser } from './message-operations.ts'
import { inOrder, openBox } from './outbox-store.ts'

const LONGEST_WAIT = 10_000 // ms between two attempts

export interface Target {
  type: 'group' | 'user'
  id: string
}

/** A message that the server hasn't confirmed. */
export interface Outgoing {
  /** A UUID of version 7: sorted by it, messages are in the order of their writing. */
  clientId: string
  target: Target
  content: string
  mediaUrl: string | null
  replyTo: { id: string; name: string; gist: string } | null
  /** The conversation's last message when it was written, by seq: it comes after that. */
  afterSeq: number
  /** Why it can't be sent; null while that is under way. */
  fault: string | null
}

export interface Outbox {
  readonly items: Observable<readonly Outgoing[]>
  send(message: Omit<Outgoing, 'clientId' | 'fault'>): void
  retry(clientId: string): void
  discard(clientId: string): void
  close(): void
}

/**
 * Sends messages one after another, for as long as it takes, a reload of the page included: the server knows each by its
 * `clientId`, so that none comes twice.
 */
export function createOutbox(client: Client, userId: string): Outbox {
  const box = openBox(`chatserver.outbox.${userId}.`)
  const items = createObservable<readonly Outgoing[]>(box.all())
  let isSending = false
  let isClosed = false

  function put(item: Outgoing): void {
    items.set([...without(item.clientId), item].toSorted(inOrder))
    box.keep(item)
  }

  function drop(clientId: string): void {
    items.set(without(clientId))
    box.remove(clientId)
  }

  function without(clientId: string): readonly Outgoing[] {
    return items.get().filter((item) => item.clientId !== clientId)
  }

  function markWith(clientId: string, fault: string | null): void {
    const item = items.get().find((one) => one.clientId === clientId)
    if (item) put({ ...item, fault })
  }

  async function run(): Promise<void> {
    if (isSending) return
    isSending = true
    for (let attempt = 0; !isClosed; ) {
      const item = items.get().find(({ fault }) => fault === null)
      if (!item) break
      const error = await deliver(client, item)
      if (!error) {
        attempt = 0
        drop(item.clientId)
      } else if (isPassing(error)) {
        attempt += 1
        await waitForNetwork(waitAfter(error, attempt))
      } else markWith(item.clientId, messageOf(error))
    }
    isSending = false
  }

  // Another tab may have sent or discarded what this one has too.
  const stopWatching = box.watchRemovals((clientId) => items.set(without(clientId)))
  void run()
  return {
    items,
    send(message) {
      put({ ...message, clientId: uuid(), fault: null })
      void run()
    },
    retry(clientId) {
      markWith(clientId, null)
      void run()
    },
    discard: drop,
    close() {
      isClosed = true
      stopWatching()
    },
  }
}

async function deliver(client: Client, item: Outgoing): Promise<CombinedError | undefined> {
  const { clientId, content, mediaUrl, replyTo, target } = item
  const message = { clientId, content, mediaUrl, replyToId: replyTo?.id ?? null }
  const { error } =
    target.type === 'group'
      ? await client.mutation(SendToGroup, { input: { ...message, groupId: target.id } }).toPromise()
      : await client.mutation(SendToUser, { input: { ...message, to: { id: target.id } } }).toPromise()
  return error
}

function waitAfter(error: CombinedError, attempt: number): number {
  const seconds = error.graphQLErrors[0]?.extensions?.['retryAfter']
  return typeof seconds === 'number' ? seconds * 1_000 : Math.min(LONGEST_WAIT, 500 * 2 ** attempt)
}
