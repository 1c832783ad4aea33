import type { RedisSession } from './redis-session.ts'

interface Subscribed {
  listener: (payload: string) => void
  ready: PromiseWithResolvers<void>
}

/** The channels that are listened to here, kept in step with those that Redis knows of, whatever becomes of the sessions. */
export interface RedisSubscriptions {
  /** @returns what resolves once Redis listens, or at once where there is no session */
  add(channel: string, listener: (payload: string) => void): Promise<void>
  remove(channel: string): void
  /** Takes what a session hears. */
  receive(name: string, payload: string): void
  /** Resolves when the session listens for all. @throws where Redis refuses, or goes */
  attach(session: RedisSession): Promise<void>
  detach(): void
}

/**
 * @param prefix of the channels' names in Redis
 * @param onRefusal called when Redis has not taken on what was added while a session was attached
 */
export function createRedisSubscriptions(prefix: string, onRefusal: (error: unknown) => void): RedisSubscriptions {
  const channels = new Map<string, Subscribed>()
  /** What the session was asked to listen for, with what resolves when it does. */
  const asked = new Map<string, Promise<void>>()
  /** Those that have come or gone in this turn. */
  const touched = new Set<string>()
  let session: RedisSession | null = null

  function touch(channel: string): void {
    if (touched.size === 0) queueMicrotask(() => void flush().catch(onRefusal))
    touched.add(channel)
  }

  async function flush(): Promise<void> {
    const names = [...touched]
    touched.clear()
    if (!session) return
    const added = names.filter((name) => channels.has(name) && !asked.has(name))
    const gone = names.filter((name) => !channels.has(name) && asked.delete(name))
    const adding = added.length > 0 ? session.subscribe(added) : Promise.resolve()
    const removing = gone.length > 0 ? session.unsubscribe(gone) : Promise.resolve()
    for (const name of added) asked.set(name, adding)
    for (const name of names) {
      const { ready } = channels.get(name) ?? {}
      // Where it fails the session ends, which readies all.
      asked.get(name)?.then(
        () => ready?.resolve(),
        () => {},
      )
    }
    await Promise.all([adding, removing])
  }

  return {
    add(channel, listener) {
      const name = prefix + channel
      const ready = Promise.withResolvers<void>()
      channels.set(name, { listener, ready })
      if (session) touch(name)
      else ready.resolve()
      return ready.promise
    },
    remove(channel) {
      const name = prefix + channel
      channels.get(name)?.ready.resolve()
      channels.delete(name)
      if (session) touch(name)
    },
    receive(name, payload) {
      channels.get(name)?.listener(payload)
    },
    async attach(current) {
      session = current
      asked.clear()
      for (const name of channels.keys()) touched.add(name)
      while (touched.size > 0) await flush()
    },
    detach() {
      session = null
      touched.clear()
      for (const { ready } of channels.values()) ready.resolve()
    },
  }
}
