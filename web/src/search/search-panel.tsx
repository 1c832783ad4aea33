import { useQuery } from 'urql'
import { messageOf } from '../client/errors.ts'
import type { Conversation } from '../client/fragments.ts'
import { nameOf, pictureOf } from '../conversations/names.ts'
import { shortTimeOf } from '../conversations/times.ts'
import { addressOf } from '../route.ts'
import { Avatar } from '../ui/avatar.tsx'
import { useDebounced } from '../ui/use-debounced.ts'
import { SearchMessages } from './search-operations.ts'
import './search-panel.css'

interface Props {
  query: string
  conversations: readonly Conversation[]
  onDone: () => void
}

/** What is called or says what is searched for. */
export function SearchPanel({ query, conversations, onDone }: Props) {
  const settled = useDebounced(query)
  const [{ data, fetching, error }] = useQuery({
    query: SearchMessages,
    variables: { query: settled },
    requestPolicy: 'cache-and-network',
  })
  const found = conversations.filter((conversation) => nameOf(conversation).toLowerCase().includes(query.toLowerCase()))
  const messages = data?.searchMessages.edges ?? []
  const placeOf = (id: string) => conversations.find((conversation) => conversation.id === id)

  return (
    <nav className="search" aria-label="Search results">
      {found.length > 0 && <h2>Conversations</h2>}
      {found.map((conversation) => (
        <a key={conversation.id} href={addressOf({ type: 'conversation', id: conversation.id })} onClick={onDone}>
          <Avatar name={nameOf(conversation)} url={pictureOf(conversation)} size={28} />
          <span dir="auto">{nameOf(conversation)}</span>
        </a>
      ))}
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

/** The server puts what was found between ⟦ and ⟧. */
function marked(snippet: string) {
  let start = 0
  return snippet.split(/⟦(.*?)⟧/).map((part, index) => {
    start += part.length
    return index % 2 === 1 ? <mark key={start}>{part}</mark> : part
  })
}
