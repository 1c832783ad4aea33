const PATIENCE = 10_000 // ms; only a test that fails waits that long

/** What a live stream has brought, in its order, until a test takes it. */
export interface EventQueue<Event> {
  /** The next event, once it is there. Rejects when the stream has failed, ended, or stays silent for too long. */
  next(): Promise<Event>
  /** What nobody has taken yet. */
  readonly untaken: readonly Event[]
  /** Resolves when the stream completes, rejects when it fails. */
  readonly ended: Promise<void>
}

export interface EventSink<Event> {
  push(event: Event): void
  complete(): void
  fail(error: Error): void
}

export function createEventQueue<Event>(): { queue: EventQueue<Event>; sink: EventSink<Event> } {
  const events: Event[] = []
  let waiting: PromiseWithResolvers<Event>[] = []
  let over: Error | null = null
  const end = withHandledRejection<void>()

  function finish(error: Error) {
    over = error
    for (const waiter of waiting) waiter.reject(error)
    waiting = []
  }

  return {
    queue: {
      next() {
        const waiter = withHandledRejection<Event>()
        const event = events.shift()
        if (event !== undefined) waiter.resolve(event)
        else if (over) waiter.reject(over)
        else waiting.push(waiter)
        const patience = AbortSignal.timeout(PATIENCE)
        patience.addEventListener('abort', () => {
          waiting = waiting.filter((other) => other !== waiter)
          waiter.reject(new Error(`No event came within ${PATIENCE / 1_000} s.`))
        })
        return waiter.promise
      },
      untaken: events,
      ended: end.promise,
    },
    sink: {
      push(event) {
        const waiter = waiting.shift()
        if (waiter) waiter.resolve(event)
        else events.push(event)
      },
      complete() {
        finish(new Error('The stream has ended.'))
        end.resolve()
      },
      fail(error) {
        finish(error)
        end.reject(error)
      },
    },
  }
}

/** A failure concerns those who wait for it; nobody has to. */
function withHandledRejection<T>(): PromiseWithResolvers<T> {
  const deferred = Promise.withResolvers<T>()
  deferred.promise.catch(() => {})
  return deferred
}
