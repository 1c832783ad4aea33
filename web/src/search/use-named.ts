import { useQuery } from 'urql'
import { useChat } from '../chat.ts'
import type { Conversation } from '../client/fragments.ts'
import { useRetry } from '../client/use-retry.ts'
import { nameOf, pictureOf } from '../conversations/names.ts'
import type { Place } from '../route.ts'
import { SearchNames } from './search-operations.ts'

const LONGEST = 100 // characters of a name that are looked for

export interface Named {
  place: Place
  name: string
  picture: string | null
}

/** What is called so: of the conversations that are loaded at once, of all groups and users a little later. */
export function useNamed(query: string, settled: string, conversations: readonly Conversation[]) {
  const { session } = useChat()
  const [{ data, error }, ask] = useQuery({
    query: SearchNames,
    variables: { search: settled.slice(0, LONGEST) },
    requestPolicy: 'cache-and-network',
  })
  useRetry(error, ask)

  const known = conversations.filter((conversation) => nameOf(conversation).toLowerCase().includes(query.toLowerCase()))
  const ids = new Set(known.flatMap((found) => (found.__typename === 'Group' ? [found.id] : [found.id, found.peer.id])))
  const isNew = ({ node }: { node: { id: string } }) => !ids.has(node.id) && node.id !== session.user.id
  const groups = data?.groups.edges.filter(isNew) ?? []
  const users = data?.users.edges.filter(isNew) ?? []
  return {
    conversations: [
      ...known.map((found) => named('conversation', found.id, nameOf(found), pictureOf(found))),
      ...groups.map(({ node }) => named('conversation', node.id, node.name, node.avatarUrl)),
    ],
    people: users.map(({ node }) => named('user', node.id, node.displayName, node.avatarUrl)),
  }
}

function named(type: Place['type'], id: string, name: string, picture: string | null): Named {
  return { place: { type, id }, name, picture }
}
