import { useMutation, useQuery } from 'urql'
import { messageOf } from '../client/errors.ts'
import type { User } from '../client/fragments.ts'
import { BlockedUsers, BlockUser, UnblockUser } from '../profile/block-operations.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'

/** Who the other one is, and whether he is blocked. */
export function PersonDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const [{ data }] = useQuery({ query: BlockedUsers, requestPolicy: 'cache-and-network' })
  const [{ error: refusal }, block] = useMutation(BlockUser)
  const [{ error: objection }, unblock] = useMutation(UnblockUser)
  const isBlocked = data?.blockedUsers.edges.some(({ node }) => node.id === user.id)
  const error = refusal ?? objection
  const input = { user: { id: user.id } }

  return (
    <Dialog title={user.displayName} onClose={onClose}>
      <div className="person-card">
        <Avatar name={user.displayName} url={user.avatarUrl} size={72} />
        <p>@{user.username}</p>
      </div>
      <p>
        {isBlocked
          ? 'Blocked: neither of you can write to the other.'
          : 'Once blocked, neither of you can write to the other. Nobody is told.'}
      </p>
      {error && <p role="alert">{messageOf(error)}</p>}
      <Button
        kind={isBlocked ? 'normal' : 'danger'}
        disabled={!data}
        onClick={() => void (isBlocked ? unblock({ input }) : block({ input }))}
      >
        {isBlocked ? 'Unblock' : 'Block'}
      </Button>
    </Dialog>
  )
}
