// A group's messages in Apollo Client's cache, kept up to date without a gap. To copy, together with resume.ts.
import {
  ApolloClient,
  ApolloLink,
  gql,
  HttpLink,
  InMemoryCache,
  type Observable,
  type TypedDocumentNode,
} from '@apollo/client'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { OperationTypeNode } from 'graphql'
import { map } from 'rxjs'
import { type ConnectOptions, connect, resuming } from './resume.ts'

export interface Message {
  __typename: 'Message'
  id: string
  seq: number
  content: string | null
  sender: { __typename: 'User'; id: string; displayName: string }
}

interface Group {
  __typename: 'Group'
  id: string
  cursor: string
  messages: { __typename: 'ConversationMessagesConnection'; edges: { __typename: string; node: Message }[] }
}

interface MessageEvent {
  type: 'CREATED' | 'UPDATED' | 'DELETED'
  cursor: string
  message: Message
}

const MESSAGE = gql`
  fragment MessageOfGroup on Message { id seq content sender { id displayName } }
`

/** What to watch: `useQuery(GROUP)`. The cursor belongs to this state of the messages, so both come in one query. */
export const GROUP: TypedDocumentNode<{ group: Group | null }, { id: string }> = gql`
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
export function createApolloClient({ url, getToken }: ConnectOptions): ApolloClient {
  const fetchWithToken: typeof fetch = async (input, init) => {
    const headers = new Headers(init?.headers)
    headers.set('authorization', `Bearer ${await getToken()}`)
    return fetch(input, { ...init, headers })
  }
  return new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(resuming(connect({ url: url.replace(/^http/, 'ws'), getToken }))),
      new HttpLink({ uri: url, fetch: fetchWithToken }),
    ),
  })
}

/**
 * Loads a group's newest messages, and with each event that the returned observable gives, brings the cache up to
 * date. The observable fails with a ListeningError: after BAD_USER_INPUT, call this again.
 */
export async function followGroup(client: ApolloClient, id: string): Promise<Observable<MessageEvent>> {
  const { data } = await client.query({ query: GROUP, variables: { id }, fetchPolicy: 'network-only' })
  if (!data?.group) throw new Error('There is no such group.')
  const variables = { id, after: data.group.cursor }
  return client.subscribe({ query: GROUP_MESSAGES, variables }).pipe(
    map(({ data, error }) => {
      if (!data) throw error
      const { message } = data.groupMessages
      client.cache.updateQuery(
        { query: GROUP, variables: { id } },
        (known) => known && { group: withMessage(known.group, message) },
      )
      return data.groupMessages
    }),
  )
}

/** Changes of a known message are in the cache already, by its id. A new one takes its place by its `seq`. */
function withMessage(group: Group | null, message: Message): Group | null {
  const nodes = group?.messages.edges.map(({ node }) => node) ?? []
  const isOlder = nodes[0] !== undefined && message.seq < nodes[0].seq // than what is loaded: its page brings it
  if (!group || isOlder || nodes.some(({ id }) => id === message.id)) return group
  const edges = [...nodes, message]
    .toSorted((a, b) => a.seq - b.seq)
    .map((node) => ({ __typename: 'ConversationMessagesConnectionEdge', node }))
  return { ...group, messages: { ...group.messages, edges } }
}
