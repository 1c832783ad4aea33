import { type CombinedError, useMutation } from 'urql'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import type { Group } from './group-dialog.tsx'
import { UnbanMember } from './group-operations.ts'

interface Props {
  group: Group
  onDone: (result: { error?: CombinedError | undefined }) => void
}

/** Who may not come back. */
export function BannedList({ group, onDone }: Props) {
  const [, unban] = useMutation(UnbanMember)
  const banned = group.bannedUsers?.edges.map(({ node }) => node) ?? []
  if (banned.length === 0) return null
  return (
    <section className="people">
      <h3>Banned</h3>
      <ul>
        {banned.map((user) => (
          <li key={user.id} className="person">
            <Avatar name={user.displayName} url={user.avatarUrl} size={30} />
            <span className="person-about" dir="auto">
              {user.displayName}
            </span>
            <Button
              kind="plain"
              onClick={() => void unban({ input: { groupId: group.id, user: { id: user.id } } }).then(onDone)}
            >
              Unban
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
