import { authExchange } from '@urql/exchange-auth'
import { Client, fetchExchange, subscriptionExchange } from 'urql'
import type { Session } from '../session/session.ts'
import { createCache } from './cache.ts'
import { codeOf } from './errors.ts'
import { createLiveLine, type LiveLine, type Sink } from './live-line.ts'
import { patientFetch } from './patient-fetch.ts'

export interface ChatClient {
  client: Client
  line: LiveLine
  /** Set by who loads a conversation that the cache doesn't know, or knows wrongly. */
  unknown: { load: (conversationId: string) => void }
}

/** Queries and mutations over HTTP, what is live over one WebSocket, and one cache for both: for who is signed in. */
export function createChatClient(session: Session): ChatClient {
  const line = createLiveLine(session.insistOnToken, session.expire)
  const unknown = { load: (_conversationId: string) => {} }
  const client = new Client({
    url: '/graphql',
    preferGetMethod: false,
    fetch: patientFetch,
    exchanges: [
      createCache(session.user, (id) => unknown.load(id)),
      authExchange(async ({ appendHeaders }) => ({
        addAuthToOperation: (operation) =>
          appendHeaders(operation, { authorization: `Bearer ${session.currentToken()}` }),
        willAuthError: () => session.isStale(),
        didAuthError: (error) => codeOf(error) === 'UNAUTHENTICATED',
        // What can't be refreshed now fails as any request does without a network.
        refreshAuth: () => session.refresh().then(ignore, ignore),
      })),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables = {} }) => ({
          subscribe: (sink) => ({
            unsubscribe: line.subscribe(
              { query, variables: variables as Record<string, unknown> },
              sink as Sink,
              () => {
                // The server ends what somebody may listen to no longer: the cache is to know.
                if ('conversationId' in variables) unknown.load(String(variables.conversationId))
              },
            ),
          }),
        }),
      }),
    ],
  })
  return { client, line, unknown }
}

function ignore(): void {}
