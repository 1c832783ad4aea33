// biome-ignore-all lint/a11y/useSemanticElements: A select could not be part of the field.
import type { User } from '../client/fragments.ts'
import { Avatar } from '../ui/avatar.tsx'
import './mention-list.css'

interface Props {
  id: string
  people: readonly User[]
  /** Which one Enter would take. */
  index: number
  onTake: (user: User) => void
}

/** Whom one may mean, above the field that has the focus all along. */
export function MentionList({ id, people, index, onTake }: Props) {
  return (
    <>
      {people.length > 0 && (
        <div id={id} className="mention-list" role="listbox" tabIndex={-1} aria-label="Members to mention">
          {people.map((user, place) => (
            <button
              key={user.id}
              id={optionId(id, place)}
              type="button"
              role="option"
              className="person"
              tabIndex={-1}
              aria-selected={place === index}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onTake(user)}
            >
              <Avatar name={user.displayName} url={user.avatarUrl} size={26} />
              <span dir="auto">{user.displayName}</span>
              <small>@{user.username}</small>
            </button>
          ))}
        </div>
      )}
      <p className="visually-hidden" role="status">
        {people.length > 0 && `${people.length} to mention: arrow keys choose, Enter takes, Escape closes the list.`}
      </p>
    </>
  )
}

export function optionId(id: string, place: number): string {
  return `${id}-${place}`
}
