import { useState } from 'react'
import { useQuery } from 'urql'
import { useChat } from '../chat.ts'
import type { User } from '../client/fragments.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Field } from '../ui/field.tsx'
import { useDebounced } from '../ui/use-debounced.ts'
import { People } from './people-operations.ts'
import './people-picker.css'

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
  const [search, setSearch] = useState('')
  const settled = useDebounced(search.trim())
  const [{ data, fetching }] = useQuery({
    query: People,
    variables: { search: settled },
    requestPolicy: 'cache-and-network',
    pause: isQuiet && settled === '',
  })
  const people = (isQuiet && settled === '' ? [] : (data?.users.edges ?? []))
    .map(({ node }) => node)
    .filter(({ id }) => id !== session.user.id && !without?.has(id))

  return (
    <div className="people">
      <Field
        label={label}
        type="search"
        placeholder="Name or username"
        autoFocus={!isQuiet}
        autoComplete="off"
        value={search}
        onChange={({ currentTarget }) => setSearch(currentTarget.value)}
      />
      <ul>
        {people.map((user) => (
          <li key={user.id}>
            <button type="button" className="person" onClick={() => onPick(user)}>
              <Avatar name={user.displayName} url={user.avatarUrl} size={32} />
              <span dir="auto">{user.displayName}</span>
              <small>@{user.username}</small>
            </button>
          </li>
        ))}
      </ul>
      {!fetching && settled !== '' && people.length === 0 && <p role="status">Nobody is called that.</p>}
    </div>
  )
}
