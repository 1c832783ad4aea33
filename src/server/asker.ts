import type { IncomingMessage } from 'node:http'
import { type ExecutionResult, GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { ChatError } from '../errors.ts'
import type { Context, Services } from '../graphql/context.ts'
import { type ClientAddresses, networkOf } from './client-address.ts'

/** Who asks over HTTP, and from where. */
export type Asker = Pick<Context, 'viewer' | 'refusal' | 'confirmViewer' | 'userAgent' | 'network'>

interface HttpContext {
  req?: IncomingMessage
  asker?: Asker
}

/** Finds out who asks before anything is parsed for him, and counts his operations. */
export function useAsker(services: Services, addresses: ClientAddresses): Plugin<object, HttpContext> {
  return {
    async onParams({ request, context, setResult }) {
      try {
        const network = context.req ? networkOf(addresses.addressOf(context.req)) : ''
        context.asker = { ...(await whoAsks(services, request)), network }
        countOperation(services, context.asker)
      } catch (error) {
        if (!(error instanceof GraphQLError)) throw error
        setResult({ errors: [error] } satisfies ExecutionResult)
      }
    },
  }
}

/** @throws ChatError RATE_LIMITED where the session, or the network of one who has none, has asked too often */
export function countOperation({ rates }: Services, { viewer, network }: Pick<Context, 'viewer' | 'network'>): void {
  if (viewer) rates.take('operation', viewer.sessionId)
  else rates.take('anonymous', network)
}

async function whoAsks({ sessions }: Services, request: Request): Promise<Omit<Asker, 'network'>> {
  const userAgent = request.headers.get('user-agent')
  const token = bearerToken(request.headers.get('authorization'))
  if (!token) return { viewer: null, userAgent }
  try {
    const confirmViewer = () => sessions.authenticate(token)
    return { viewer: await confirmViewer(), confirmViewer, userAgent }
  } catch (error) {
    // A stale token must not keep anyone from signing in anew: what needs a viewer tells of it.
    if (error instanceof ChatError) return { viewer: null, refusal: error, userAgent }
    throw error
  }
}

/** The token of “Bearer <token>”. */
export function bearerToken(authorization: unknown): string | null {
  return (typeof authorization === 'string' && /^Bearer +(\S+)$/i.exec(authorization)?.[1]) || null
}
