// A group's messages with urql, kept up to date without a gap. To copy, together with resume.ts.
import {
  Client,
  cacheExchange,
  type ExecutionResult,
  fetchExchange,
  gql,
  subscriptionExchange,
  type TypedDocumentNode,
} from '@urql/core'
import { type ConnectOptions, connect, resuming } from './resume.ts'

export interface Message {
  id: string
  seq: number
  content: string | null
  sender: { id: string; displayName: string }
}

interface Group {
  cursor: string
  messages: { edges: { node: Message }[] }
}

interface MessageEvent {
  type: 'CREATED' | 'UPDATED' | 'DELETED'
  cursor: string
  message: Message
}

const MESSAGE = gql`
  fragment MessageOfGroup on Message { id seq content sender { id displayName } }
`

/** The cursor belongs to this state of the messages, so both come in one query. */
const GROUP: TypedDocumentNode<{ group: Group | null }, { id: string }> = gql`
  query Group($id: ID!) {
    group(id: $id) { id cursor messages(last: 50) { edges { node { ...MessageOfGroup } } } }
  }
  ${MESSAGE}
`

const GROUP_MESSAGES: TypedDocumentNode<{ groupMessages: MessageEvent }, { id: string; after: string }> = gql`
  subscription GroupMessages($id: ID!, $after: Cursor!) {
    groupMessages(groupId: $id, after: $after) { type cursor message { ...MessageOfGroup } }
  }
  ${MESSAGE}
`

/** Queries and mutations over HTTP, subscriptions over a socket that resumes. `url`: `http://…/graphql` */
export function createUrqlClient({ url, getToken }: ConnectOptions): Client {
  const socket = resuming(connect({ url: url.replace(/^http/, 'ws'), getToken }))
  return new Client({
    url,
    fetch: async (input, init) => {
      const headers = new Headers(init?.headers)
      headers.set('authorization', `Bearer ${await getToken()}`)
      return fetch(input, { ...init, headers })
    },
    exchanges: [
      cacheExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables = {} }) => ({
          subscribe: ({ next, error, complete }) => {
            const sink = { next: (result: unknown) => next(result as ExecutionResult), error, complete }
            return { unsubscribe: socket.subscribe({ query, variables }, sink) }
          },
        }),
      }),
    ],
  })
}

/**
 * Loads a group's newest messages and keeps them up to date. `onError` is told of a ListeningError, under `networkError`:
 * after BAD_USER_INPUT, call this again.
 * @returns what stops it
 */
export async function followGroup(
  client: Client,
  id: string,
  { onChange, onError }: { onChange: (messages: Message[]) => void; onError: (error: Error) => void },
): Promise<() => void> {
  const { data, error } = await client.query(GROUP, { id }, { requestPolicy: 'network-only' })
  if (!data?.group) throw error ?? new Error('There is no such group.')
  const { cursor, messages } = data.group
  let known = messages.edges.map(({ node }) => node)
  onChange(known)
  const following = client.subscription(GROUP_MESSAGES, { id, after: cursor }).subscribe(({ data, error }) => {
    if (!data) return onError(error ?? new Error('No data'))
    known = withMessage(known, data.groupMessages.message)
    return onChange(known)
  })
  return following.unsubscribe
}

/** New or changed, a message takes its place by its `seq`. */
function withMessage(known: Message[], message: Message): Message[] {
  const isOlder = known[0] !== undefined && message.seq < known[0].seq // than what is loaded: its page brings it
  if (isOlder) return known
  return [...known.filter(({ id }) => id !== message.id), message].toSorted((a, b) => a.seq - b.seq)
}
