import type { Operation } from './graphql.ts'

const ANSWER_TIMEOUT = 15_000 // ms, after which a line counts as dead

/** What came back instead of data. */
export class ApiError extends Error {
  /** The server's stable error code; null where none of its answers came: no network, or a proxy's word. */
  readonly code: string | null
  /** Seconds after which it may work. */
  readonly retryAfter: number | null

  constructor(message: string, code: string | null = null, retryAfter: number | null = null) {
    super(message)
    this.code = code
    this.retryAfter = retryAfter
  }

  /** Whether all it takes is to ask again. */
  get isTemporary(): boolean {
    return this.code === null || this.code === 'INTERNAL_SERVER_ERROR' || this.code === 'RATE_LIMITED'
  }
}

/** Runs an operation. @throws ApiError */
export type Request = <Data, Variables>(
  operation: Operation<Data, Variables>,
  ...variables: Record<string, never> extends Variables ? [variables?: Variables] : [variables: Variables]
) => Promise<Data>

/**
 * Asks over HTTP.
 * @param url `http://…/graphql`
 * @param getToken the access token, where there is one yet
 */
export function createRequest(url: string, getToken: () => Promise<string | null> = async () => null): Request {
  return async (operation, ...[variables]) => {
    const token = await getToken()
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query: operation.toString(), variables }),
      signal: AbortSignal.timeout(ANSWER_TIMEOUT),
    }).catch(() => {
      throw new ApiError(`No answer from ${url}`)
    })
    const body = await answer.json().catch(() => null)
    const [error] = body?.errors ?? []
    if (error) {
      const { code, retryAfter } = error.extensions ?? {}
      throw new ApiError(error.message, code ?? null, retryAfter ?? null)
    }
    if (!body?.data) throw new ApiError(`${url} is no chat server: it answered with status ${answer.status}`)
    return body.data
  }
}
