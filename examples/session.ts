// Signing in, and staying so. To copy, together with resume.ts.
import { ListeningError } from './resume.ts'

interface Session {
  accessToken: string
  accessTokenExpiresAt: string
  refreshToken: string
}

const FIELDS = 'accessToken accessTokenExpiresAt refreshToken'
const LOGIN = `mutation ($input: LoginInput!) { session: login(input: $input) { ${FIELDS} } }`
const REFRESH = `mutation ($input: RefreshSessionInput!) { session: refreshSession(input: $input) { ${FIELDS} } }`
const MARGIN = 60_000 // ms that a token is still good for when it is handed out

/**
 * @param url `http://…/graphql`
 * @param login a username or an email address
 * @returns what gives a valid access token, whenever it is asked
 * @throws ListeningError where the session is over, or the server refuses the password
 */
export async function signIn(url: string, login: string, password: string): Promise<() => Promise<string>> {
  let session = ask(url, LOGIN, { login, password })
  await session

  async function refreshed(last: Promise<Session>): Promise<Session> {
    const { accessTokenExpiresAt, refreshToken } = await last
    const isGood = Date.parse(accessTokenExpiresAt) - MARGIN > Date.now()
    return isGood ? last : ask(url, REFRESH, { refreshToken })
  }

  return async () => {
    const last = session
    const next = refreshed(last)
    // One after another, as a refresh token is good for once; where the answer was lost, the same one once more.
    session = next.catch(() => last)
    return (await next).accessToken
  }
}

const TEMPORARY = ['INTERNAL_SERVER_ERROR', 'RATE_LIMITED']

async function ask(url: string, query: string, input: Record<string, string>): Promise<Session> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { input } }),
  })
  const { data, errors } = (await response.json()) as {
    data?: { session: Session }
    errors?: { message: string; extensions: { code: string } }[]
  }
  if (data?.session) return data.session
  const { message = 'No session', extensions } = errors?.[0] ?? {}
  throw new ListeningError(message, extensions?.code, TEMPORARY.includes(String(extensions?.code)))
}
