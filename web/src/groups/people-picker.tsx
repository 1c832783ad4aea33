import { useRef, useState } from 'react'
import { useQuery } from 'urql'
import { useChat } from '../chat.ts'
import { messageOf } from '../client/errors.ts'
import type { User } from '../client/fragments.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Field } from '../ui/field.tsx'
import { useDebounced } from '../ui/use-debounced.ts'
import { People } from './people-operations.ts'
import '../ui/people.css'

interface Props {
  label: string
  /** Who is not to be offered, besides the viewer. */
  without?: ReadonlySet<string>
  /** Whether to offer nobody before something is typed. */
  isQuiet?: boolean
  onPick: (user: User) => void
}

/** Finds users by what they are called. */
export function PeoplePicker({ label, without, isQuiet = false, onPick }: Props) {
  const { session } = useChat()
  const field = useRef<HTMLDivElement>(null)
  const [search, setSearch] = useState('')
  const settled = useDebounced(search.trim())
  const [{ data, fetching, error }] = useQuery({
    query: People,
    variables: { search: settled },
    requestPolicy: 'cache-and-network',
    pause: isQuiet && settled === '',
  })
  const people = (isQuiet && settled === '' ? [] : (data?.users.edges ?? []))
    .map(({ node }) => node)
    .filter(({ id }) => id !== session.user.id && !without?.has(id))

  function pick(user: User): void {
    onPick(user)
    setSearch('')
    field.current?.querySelector('input')?.focus()
  }

  return (
    <div className="people" ref={field}>
      <Field
        label={label}
        type="search"
        placeholder="Name or username"
        autoFocus={!isQuiet}
        autoComplete="off"
        value={search}
        onChange={({ currentTarget }) => setSearch(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          const [first] = people
          if (first && settled === search.trim() && !fetching) pick(first)
        }}
      />
      <ul>
        {people.map((user) => (
          <li key={user.id}>
            <button type="button" className="person" onClick={() => pick(user)}>
              <Avatar name={user.displayName} url={user.avatarUrl} size={32} />
              <span dir="auto">{user.displayName}</span>
              <small>@{user.username}</small>
            </button>
          </li>
        ))}
      </ul>
      {error && !data && <p role="alert">{messageOf(error)}</p>}
      {!fetching && !error && settled !== '' && people.length === 0 && <p role="status">Nobody is called that.</p>}
    </div>
  )
}
