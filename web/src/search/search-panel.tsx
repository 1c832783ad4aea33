import { useQuery } from 'urql'
import { messageOf } from '../client/errors.ts'
import type { Conversation } from '../client/fragments.ts'
import { useRetry } from '../client/use-retry.ts'
import { nameOf } from '../conversations/names.ts'
import { shortTimeOf } from '../conversations/times.ts'
import { addressOf } from '../route.ts'
import { Avatar } from '../ui/avatar.tsx'
import { useDebounced } from '../ui/use-debounced.ts'
import { SearchMessages } from './search-operations.ts'
import { type Named, useNamed } from './use-named.ts'
import './search-panel.css'

interface Props {
  query: string
  conversations: readonly Conversation[]
  onDone: () => void
}

/** What is called or says what is searched for. */
export function SearchPanel({ query, conversations, onDone }: Props) {
  const settled = useDebounced(query)
  const named = useNamed(query, settled, conversations)
  const [{ data, fetching, error }, ask] = useQuery({
    query: SearchMessages,
    variables: { query: beginningWith(settled) },
    requestPolicy: 'cache-and-network',
  })
  useRetry(error, ask)
  const messages = data?.searchMessages.edges ?? []
  const placeOf = (id: string) => conversations.find((conversation) => conversation.id === id)

  return (
    <nav className="search" aria-label="Search results">
      <Names title="Conversations" names={named.conversations} onDone={onDone} />
      <Names title="People" names={named.people} onDone={onDone} />
      <h2>Messages</h2>
      {messages.map(({ node, snippet }) => {
        const place = placeOf(node.conversation.id)
        const id = node.conversation.id
        return (
          <a key={node.id} className="search-hit" href={addressOf({ type: 'conversation', id, seq: node.seq })}>
            <b dir="auto">{node.sender.displayName}</b>
            <small dir="auto">{place?.__typename === 'Group' && `in ${nameOf(place)}`}</small>
            <time dateTime={node.createdAt}>{shortTimeOf(node.createdAt)}</time>
            <span dir="auto">{marked(snippet)}</span>
          </a>
        )
      })}
      <p role="status">
        {error ? messageOf(error) : fetching ? 'Searching…' : messages.length === 0 ? 'No message says that.' : ''}
      </p>
    </nav>
  )
}

function Names({ title, names, onDone }: { title: string; names: readonly Named[]; onDone: () => void }) {
  if (names.length === 0) return null
  return (
    <>
      <h2>{title}</h2>
      {names.map(({ place, name, picture }) => (
        <a key={place.id} href={addressOf(place)} onClick={onDone}>
          <Avatar name={name} url={picture} size={28} />
          <span className="search-name" dir="auto">
            {name}
          </span>
        </a>
      ))}
    </>
  )
}

/** Takes the last word for the beginning of one, which is still being typed. */
function beginningWith(query: string): string {
  return /(^|\s)(?!from:)[^\s"]*[\p{L}\p{N}]$/iu.test(query) ? `${query}*` : query
}

/** The server puts what was found between ⟦ and ⟧. */
function marked(snippet: string) {
  let start = 0
  return snippet.split(/⟦(.*?)⟧/).map((part, index) => {
    start += part.length
    return index % 2 === 1 ? <mark key={start}>{part}</mark> : part
  })
}
