import { ListeningError } from '../examples/resume.ts'
import { ApiError, createRequest, type Request } from './api.ts'
import { logout, refreshSession } from './operations.ts'
import type { SavedSessions } from './saved-sessions.ts'

const MOST_OF_LIFE = 0.8 // of an access token's, after which the next one is fetched

export interface Tokens {
  user: { id: string; username: string }
  accessToken: string
  refreshToken: string
}

/** Somebody signed in, for as long as the server has it. */
export interface Session {
  readonly url: string
  readonly user: { id: string; username: string }
  /** With his access token, a fresh one where the server wants that. */
  readonly request: Request
  /** @throws ListeningError UNAUTHENTICATED where the session is over, ApiError where the server can't be asked */
  getToken(): Promise<string>
  /** The next `getToken` fetches a fresh one. */
  renew(): void
  /** Ends it here and at the server. */
  end(): Promise<void>
}

/** Keeps the refresh token of each step, so that the next start needs no password. */
export async function openSession(url: string, saved: SavedSessions, tokens: Tokens): Promise<Session> {
  const { user } = tokens
  const ask = createRequest(url)
  let { accessToken, refreshToken } = tokens
  let freshUntil = endOf(accessToken)
  let refreshing: Promise<string> | null = null
  const askAsUser = createRequest(url, getToken)
  await saved.write(user.username, refreshToken)

  async function refresh(): Promise<string> {
    // Another process of the same user may have been given a newer one.
    refreshToken = (await saved.read(user.username)) ?? refreshToken
    const answer = await ask(refreshSession, { refreshToken }).catch((error: ApiError) => {
      if (error.code !== 'UNAUTHENTICATED') throw error
      throw new ListeningError('The session is over: start again and sign in.', 'UNAUTHENTICATED')
    })
    ;({ accessToken, refreshToken } = answer.refreshSession)
    freshUntil = endOf(accessToken)
    await saved.write(user.username, refreshToken)
    return accessToken
  }

  async function getToken(): Promise<string> {
    if (performance.now() < freshUntil) return accessToken
    refreshing ??= refresh().finally(() => {
      refreshing = null
    })
    return refreshing
  }

  function renew() {
    freshUntil = 0
  }

  return {
    url,
    user,
    getToken,
    renew,

    async request(operation, ...variables) {
      try {
        return await askAsUser(operation, ...variables)
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'UNAUTHENTICATED') throw error
        renew()
        return askAsUser(operation, ...variables)
      }
    },

    async end() {
      await saved.forget(user.username)
      await askAsUser(logout)
    },
  }
}

/** On this process' own clock, as the machine's may differ from the server's. */
function endOf(accessToken: string): number {
  const { iat, exp } = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString())
  return performance.now() + (exp - iat) * 1_000 * MOST_OF_LIFE
}
