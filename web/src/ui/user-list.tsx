import type { ReactNode } from 'react'
import { Avatar } from './avatar.tsx'
import { Button } from './button.tsx'
import './people.css'

interface ShownUser {
  id: string
  displayName: string
  avatarUrl: string | null
}

interface Props {
  users: readonly ShownUser[]
  /** What can be done about each of them. */
  action: string
  onAct: (userId: string) => void
}

/** Users, with one thing to do about each. */
export function UserList({ users, action, onAct }: Props) {
  return (
    <ul>
      {users.map((user) => (
        <li key={user.id}>
          <PersonLine user={user}>
            <Button kind="plain" onClick={() => onAct(user.id)}>
              {action}
              <span className="visually-hidden"> {user.displayName}</span>
            </Button>
          </PersonLine>
        </li>
      ))}
    </ul>
  )
}

/** A user, and what stands beside his name. */
export function PersonLine({ user: { displayName, avatarUrl }, children }: { user: ShownUser; children: ReactNode }) {
  return (
    <div className="person">
      <Avatar name={displayName} url={avatarUrl} size={30} />
      <span className="person-about" dir="auto">
        {displayName}
      </span>
      {children}
    </div>
  )
}
