import { useMutation, useQuery } from 'urql'
import { messageOf } from '../client/errors.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { BlockedUsers, UnblockUser } from './block-operations.ts'

/** Whom the viewer has blocked. */
export function BlockedTab() {
  const [{ data }] = useQuery({ query: BlockedUsers, requestPolicy: 'cache-and-network' })
  const [{ error }, unblock] = useMutation(UnblockUser)
  const users = data?.blockedUsers.edges.map(({ node }) => node) ?? []
  return (
    <div className="people">
      {data && users.length === 0 && <p>Nobody. You can block somebody from your conversation with him.</p>}
      {error && <p role="alert">{messageOf(error)}</p>}
      <ul>
        {users.map((user) => (
          <li key={user.id} className="person">
            <Avatar name={user.displayName} url={user.avatarUrl} size={30} />
            <span className="person-about" dir="auto">
              {user.displayName}
            </span>
            <Button kind="plain" onClick={() => void unblock({ input: { user: { id: user.id } } })}>
              Unblock
            </Button>
          </li>
        ))}
      </ul>
    </div>
  )
}
