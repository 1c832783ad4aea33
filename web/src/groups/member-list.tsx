import { type CombinedError, useMutation } from 'urql'
import { useChat } from '../chat.ts'
import type { MemberRole } from '../generated/graphql.ts'
import { Avatar } from '../ui/avatar.tsx'
import type { Group } from './group-dialog.tsx'
import { BanMember, RemoveMember, SetRole, TransferGroup } from './group-operations.ts'

const ROLES: Record<MemberRole, string> = { OWNER: 'owner', ADMIN: 'admin', MEMBER: '' }

interface Props {
  group: Group
  onDone: (result: { error?: CombinedError | undefined }) => void
}

/** Who is in a group; beside each, what the viewer may do about him. */
export function MemberList({ group, onDone }: Props) {
  const { session } = useChat()
  const [, setRole] = useMutation(SetRole)
  const [, transfer] = useMutation(TransferGroup)
  const [, remove] = useMutation(RemoveMember)
  const [, ban] = useMutation(BanMember)

  function act(action: string, userId: string): void {
    const input = { groupId: group.id, user: { id: userId } }
    if (action === 'ADMIN' || action === 'MEMBER') void setRole({ input: { ...input, role: action } }).then(onDone)
    else if (action === 'transfer') void transfer({ input }).then(onDone)
    else if (action === 'remove') void remove({ input }).then(onDone)
    else if (action === 'ban') void ban({ input }).then(onDone)
  }

  return (
    <section className="people">
      <h3>{group.memberCount === 1 ? '1 member' : `${group.memberCount} members`}</h3>
      <ul>
        {group.members.edges.map(({ node: { user, role } }) => (
          <li key={user.id} className="person">
            <Avatar name={user.displayName} url={user.avatarUrl} size={30} />
            <span className="person-about" dir="auto">
              {user.displayName}
            </span>
            <small>{ROLES[role]}</small>
            {user.id !== session.user.id && actionsOn(group.viewerRole, role).length > 0 && (
              <select
                aria-label={`What to do about ${user.displayName}`}
                value=""
                onChange={({ currentTarget }) => act(currentTarget.value, user.id)}
              >
                <option value="" disabled hidden>
                  …
                </option>
                {actionsOn(group.viewerRole, role).map(([action, label]) => (
                  <option key={action} value={action}>
                    {label}
                  </option>
                ))}
              </select>
            )}
          </li>
        ))}
      </ul>
      {group.members.pageInfo.hasNextPage && <p>The first 200 are listed.</p>}
    </section>
  )
}

function actionsOn(own: MemberRole | null, role: MemberRole): [action: string, label: string][] {
  if (role === 'OWNER' || (own !== 'OWNER' && (own !== 'ADMIN' || role === 'ADMIN'))) return []
  const putOut: [string, string][] = [
    ['remove', 'Remove'],
    ['ban', 'Remove and ban'],
  ]
  if (own !== 'OWNER') return putOut
  return [
    role === 'ADMIN' ? ['MEMBER', 'Make a member'] : ['ADMIN', 'Make an admin'],
    ['transfer', 'Make the owner'],
    ...putOut,
  ]
}
