import { useMutation, useQuery } from 'urql'
import { messageOf } from '../client/errors.ts'
import { UserList } from '../ui/user-list.tsx'
import { BlockedUsers, UnblockUser } from './block-operations.ts'

/** Whom the viewer has blocked. */
export function BlockedTab() {
  const [{ data, error: fault }] = useQuery({ query: BlockedUsers, requestPolicy: 'cache-and-network' })
  const [{ error: refusal }, unblock] = useMutation(UnblockUser)
  const users = data?.blockedUsers.edges.map(({ node }) => node) ?? []
  const error = refusal ?? (data ? undefined : fault)
  return (
    <div className="people">
      {data && users.length === 0 && <p>Nobody. You can block somebody from your conversation with him.</p>}
      {error && <p role="alert">{messageOf(error)}</p>}
      <UserList users={users} action="Unblock" onAct={(id) => void unblock({ input: { user: { id } } })} />
    </div>
  )
}
