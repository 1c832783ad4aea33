import { Client, fetchExchange } from 'urql'
import { codeOf } from '../client/errors.ts'
import { waitForNetwork } from '../client/live-line.ts'
import { patientFetch } from '../client/patient-fetch.ts'
import type { SessionPartsFragment } from '../generated/graphql.ts'
import { Refresh } from './session-operations.ts'
import { oneTabAtATime, readSession, type StoredSession, storeSession } from './session-store.ts'

const MARGIN = 30_000 // ms before its end that a token is good no longer
const RETRY_WAIT = 2_000 // ms

/** For what needs nobody signed in. */
export const anonymousClient = new Client({
  url: '/graphql',
  preferGetMethod: false,
  fetch: patientFetch,
  exchanges: [fetchExchange],
})

/** Somebody signed in. The access token is in memory alone; the refresh token is kept on the device. */
export interface Session {
  readonly user: StoredSession['user']
  currentToken(): string
  isStale(): boolean
  /** Notes that the server takes the access token no longer. */
  expire(): void
  /** Ends the session where the server doesn't know it any more. @throws CombinedError where that can't be told */
  refresh(): Promise<void>
  /** Waits, through whatever breaks, until there is a good token: for good where the session is over. */
  insistOnToken(): Promise<string>
  /** Goes on with what the server gave. */
  adopt(payload: SessionPartsFragment): void
}

/**
 * @param fresh what the server gave, unless the session is an older one
 * @param onEnded hears that it is over
 */
export function createSession(stored: StoredSession, fresh: SessionPartsFragment | null, onEnded: () => void): Session {
  let accessToken = ''
  let goodUntil = 0
  let refreshing: Promise<void> | null = null
  let isOver = false
  if (fresh) adopt(fresh)

  function adopt(payload: SessionPartsFragment): void {
    accessToken = payload.accessToken
    // A device's clock may be wrong: what counts is how long it is good for, not until when.
    goodUntil = Date.now() + lifetimeOf(payload.accessToken) - MARGIN
    storeSession({ refreshToken: payload.refreshToken, user: payload.user })
  }

  async function refreshNow(): Promise<void> {
    const current = readSession()
    if (current?.user.id !== stored.user.id) return end()
    const input = { refreshToken: current.refreshToken }
    const { data, error } = await anonymousClient.mutation(Refresh, { input }).toPromise()
    if (data) return adopt(data.refreshSession)
    if (codeOf(error) === 'UNAUTHENTICATED') {
      storeSession(null)
      return end()
    }
    throw error
  }

  function end(): void {
    isOver = true
    onEnded()
  }

  function refresh(): Promise<void> {
    refreshing ??= oneTabAtATime(refreshNow).finally(() => {
      refreshing = null
    })
    return refreshing
  }

  return {
    user: stored.user,
    currentToken: () => accessToken,
    isStale: () => Date.now() > goodUntil,
    expire() {
      goodUntil = 0
    },
    refresh,
    async insistOnToken() {
      while (!isOver && Date.now() > goodUntil) await refresh().catch(() => waitForNetwork(RETRY_WAIT))
      return isOver ? new Promise(() => {}) : accessToken
    },
    adopt,
  }
}

/** ms from its making to its end. */
function lifetimeOf(token: string): number {
  const [, claims = ''] = token.split('.')
  const { exp, iat } = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/')))
  return (exp - iat) * 1_000
}
