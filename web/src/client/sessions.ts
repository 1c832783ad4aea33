import type { Cache } from '@urql/exchange-graphcache'
import { Sessions } from '../profile/device-operations.ts'

/** Takes a device that was signed out from the list of them. */
export function forgetSession(cache: Cache, id: string): void {
  cache.updateQuery({ query: Sessions }, (data) =>
    data ? { ...data, sessions: data.sessions.filter((session) => session.id !== id) } : data,
  )
}
