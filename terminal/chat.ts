import { ListeningError } from '../examples/resume.ts'
import { ApiError } from './api.ts'
import { ask, Interrupted } from './ask.ts'
import { renderPlaces } from './commands.ts'
import { harmless } from './harmless.ts'
import { runInteractive } from './interactive.ts'
import { runPipe } from './pipe.ts'
import { findPlace, listPlaces, type Place, PlaceError } from './place.ts'
import type { Session } from './session.ts'
import { SignInError, signIn } from './sign-in.ts'

/** What a process ends with. */
export const ExitCode = { done: 0, refused: 1, usage: 2, notSignedIn: 3, noServer: 4, interrupted: 130 } as const

export interface ChatOptions {
  /** Of the server, with or without its path. */
  url: string
  /** `@username`, `#group`, or a conversation's id. */
  conversation?: string | undefined
  as?: string | undefined
  register?: boolean
  passwordStdin?: boolean
  json?: boolean
  listen?: boolean
  after?: string | undefined
}

/** The terminal client. Tells what goes wrong in a line on the error output. @returns the exit code */
export async function chat(options: ChatOptions): Promise<number> {
  const { stdin, stdout } = process
  const isInteractive = stdin.isTTY && stdout.isTTY && !options.json && process.env['TERM'] !== 'dumb'
  try {
    const session = await signIn({ ...options, url: endpointOf(options.url), canAsk: stdin.isTTY })
    if (isInteractive) {
      await runInteractive(session, await choosePlace(session, options.conversation))
      return ExitCode.done
    }
    return await pipe(session, options)
  } catch (error) {
    if (error instanceof Interrupted) return ExitCode.interrupted
    const code = exitCodeOf(error)
    console.error(code === null ? error : harmless((error as Error).message))
    return code ?? ExitCode.refused
  }
}

async function pipe(session: Session, { conversation, json = false, listen = false, after }: ChatOptions) {
  const place = conversation === undefined ? null : await findPlace(session.request, conversation)
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  // A signal may come twice: from the terminal, and passed on by npm.
  process.on('SIGINT', stop).on('SIGTERM', stop)
  // Whoever read along has gone, as head does.
  process.stdout.on('error', stop)
  try {
    const options = { json, listen: listen || place === null, after, signal: stopping.signal }
    const isAccepted = await runPipe(session, place, options)
    return isAccepted ? ExitCode.done : ExitCode.refused
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

/** @returns the conversation, and the list that it was chosen from, whose numbers stand for what was shown */
async function choosePlace({ request }: Session, name: string | undefined): Promise<{ first: Place; listed: Place[] }> {
  if (name !== undefined) return { first: await findPlace(request, name), listed: [] }
  const places = await listPlaces(request)
  const listed = places.map(({ place }) => place)
  console.log(renderPlaces(places))
  for (;;) {
    const answer = (await ask('Which one? A number, @user or #group: ')).trim()
    try {
      return { first: listed[Number(answer) - 1] ?? (await findPlace(request, answer)), listed }
    } catch (error) {
      if (!(error instanceof PlaceError)) throw error
      console.log(harmless(error.message))
    }
  }
}

/** @throws PlaceError where it is no address */
function endpointOf(address: string): string {
  const url = URL.parse(/^https?:\/\//.test(address) ? address : `http://${address}`)
  if (!url) throw new PlaceError(`${address} is no address: write --url http://host:port`)
  if (url.pathname === '/') url.pathname = '/graphql'
  return url.href
}

/** Null for what nobody foresaw. */
function exitCodeOf(error: unknown): number | null {
  if (error instanceof SignInError) return ExitCode.notSignedIn
  if (error instanceof PlaceError) return ExitCode.usage
  if (error instanceof ListeningError) return error.code === 'UNAUTHENTICATED' ? ExitCode.notSignedIn : ExitCode.refused
  if (error instanceof ApiError) return error.code === null ? ExitCode.noServer : ExitCode.refused
  return null
}
