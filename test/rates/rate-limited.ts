import { expect } from 'vitest'
import { type BareSocket, openBareSocket, openSignedInSocket } from '../support/bare-socket.ts'
import { type Client, RequestError, type TestServer } from '../support/testkit.ts'

/** What whoever does too much is told, on every transport. */
export const RATE_LIMITED = expect.objectContaining({
  message: expect.stringMatching(/^Too many .+ Try again in \d+ s\.$/),
  extensions: expect.objectContaining({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) }),
})

export type Errors = readonly unknown[] | undefined

/** Asks in one way or the other, and gives the errors of the answer. */
export type Ask = (query: string, variables?: object) => Promise<Errors>

export function overHttp({ post }: Pick<Client, 'post'>, headers?: Record<string, string>): Ask {
  return async (query, variables) => {
    const response = await post({ query, variables }, { accept: 'application/json', ...headers })
    return ((await response.json()) as { errors?: Errors }).errors
  }
}

/** @param accessToken of who is signed in */
export async function overSocket(
  { url }: Pick<TestServer, 'url'>,
  accessToken: string | null,
  headers: Record<string, string> = {},
): Promise<Ask> {
  const socket = accessToken ? await openSignedInSocket(url, accessToken) : await openBareSocket(url, { headers })
  if (!accessToken) {
    socket.send({ type: 'connection_init' })
    await socket.next()
  }
  return askOn(socket)
}

function askOn({ send, next }: BareSocket): Ask {
  let id = 0
  return async (query, variables) => {
    send({ type: 'subscribe', id: `${++id}`, payload: { query, variables } })
    const { type, payload } = await next()
    if (type === 'next') await next()
    return type === 'error' ? (payload as Errors) : (payload as { errors?: Errors }).errors
  }
}

/** The code of what it fails with; null where it doesn't. */
export async function codeOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
    return null
  } catch (error) {
    if (error instanceof RequestError) return error.code
    throw error
  }
}
