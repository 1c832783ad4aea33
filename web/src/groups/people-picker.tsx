import { useDeferredValue, useState } from 'react'
import { useQuery } from 'urql'
import { useChat } from '../chat.ts'
import type { User } from '../client/fragments.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Field } from '../ui/field.tsx'
import { People } from './people-operations.ts'
import './people-picker.css'

interface Props {
  label: string
  /** Who is not to be offered, besides the viewer. */
  without?: ReadonlySet<string>
  onPick: (user: User) => void
}

/** Finds users by what they are called. */
export function PeoplePicker({ label, without, onPick }: Props) {
  const { session } = useChat()
  const [search, setSearch] = useState('')
  const deferred = useDeferredValue(search.trim())
  const [{ data, fetching }] = useQuery({
    query: People,
    variables: { search: deferred },
    requestPolicy: 'cache-and-network',
  })
  const people = (data?.users.edges ?? [])
    .map(({ node }) => node)
    .filter(({ id }) => id !== session.user.id && !without?.has(id))

  return (
    <div className="people">
      <Field
        label={label}
        type="search"
        placeholder="Name or username"
        autoFocus
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
      {!fetching && people.length === 0 && <p role="status">Nobody is called that.</p>}
    </div>
  )
}
