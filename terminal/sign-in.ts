import { type ApiError, createRequest } from './api.ts'
import { ask, askHidden, readFirstLine } from './ask.ts'
import { login, refreshSession, register } from './operations.ts'
import { savedSessions } from './saved-sessions.ts'
import { openSession, type Session, type Tokens } from './session.ts'

const DEMO = { usernames: ['tom', 'jerry'], password: 'password123' }
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/

export interface SignInOptions {
  url: string
  as?: string | undefined
  register?: boolean | undefined
  passwordStdin?: boolean | undefined
  /** Whether there is somebody to ask. */
  canAsk: boolean
}

/** Nobody could be signed in: the message says what to do. */
export class SignInError extends Error {}

/**
 * Goes on with the session of last time, or signs in with a password: from the input, from CHAT_PASSWORD, the demo
 * users' own on a server of this machine, or whoever sits there is asked for it.
 * @throws SignInError, or ApiError where the server can't be asked
 */
export async function signIn(options: SignInOptions): Promise<Session> {
  const { url, canAsk } = options
  const saved = savedSessions(url)
  const username = options.as ?? (await chooseUser(await saved.usernames(), canAsk))
  const isNew = options.register === true
  const tokens = (isNew ? null : await resume(url, await saved.read(username))) ?? (await enter(username, options))
  return openSession(url, saved, tokens).catch((error: Error) => {
    throw new SignInError(`The session can't be kept (${error.message}): set XDG_CONFIG_HOME to a folder of yours.`)
  })
}

async function chooseUser(known: string[], canAsk: boolean): Promise<string> {
  const [only, ...others] = known
  if (only && others.length === 0) return only
  if (!canAsk) throw new SignInError('Say who you are with --as <username>.')
  return ask('Username: ')
}

async function resume(url: string, refreshToken: string | null): Promise<Tokens | null> {
  if (refreshToken === null) return null
  const request = createRequest(url)
  return request(refreshSession, { refreshToken }).then(
    (answer) => answer.refreshSession,
    (error: ApiError) => {
      if (error.code === 'UNAUTHENTICATED') return null
      throw error
    },
  )
}

async function enter(username: string, options: SignInOptions): Promise<Tokens> {
  const request = createRequest(options.url)
  const password = await findPassword(username, options)
  if (options.register) {
    const answer = await request(register, { username, password }).catch(explain)
    return answer.register
  }
  const answer = await request(login, { login: username, password }).catch(explain)
  return answer.login
}

async function findPassword(username: string, { url, register, passwordStdin, canAsk }: SignInOptions) {
  if (passwordStdin) return readFirstLine()
  const given = process.env['CHAT_PASSWORD']
  if (given) return given
  if (!register && LOOPBACK.test(new URL(url).hostname) && DEMO.usernames.includes(username.toLowerCase())) {
    console.error(`Signing in as the demo user ${username} with the password that everybody knows, ${DEMO.password}.`)
    return DEMO.password
  }
  if (!canAsk) throw new SignInError('Give a password: in CHAT_PASSWORD, or with --password-stdin.')
  const password = await askHidden(`Password of ${username}: `)
  if (register && (await askHidden('Once more: ')) !== password) throw new SignInError('These are two passwords.')
  return password
}

function explain(error: ApiError): never {
  if (error.code === null || error.code === 'INTERNAL_SERVER_ERROR') throw error
  const isWrong = error.code === 'UNAUTHENTICATED'
  const advice = isWrong ? ' For a new account, add --register; for another password, set CHAT_PASSWORD.' : ''
  throw new SignInError(error.message + advice)
}
