import { useState } from 'react'
import { useMutation } from 'urql'
import type { MemberRole } from '../generated/graphql.ts'
import { goTo } from '../route.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { SureButton } from '../ui/sure-button.tsx'
import { PersonLine } from '../ui/user-list.tsx'
import type { Done, Group } from './group-dialog.tsx'
import { BanMember, RemoveMember, SetRole, TransferGroup } from './group-operations.ts'

const ROLES: Record<MemberRole, string> = { OWNER: 'owner', ADMIN: 'admin', MEMBER: '' }

type Member = Group['members']['edges'][number]['node']

interface Props {
  group: Group
  member: Member
  isViewer: boolean
  onDone: Done
}

/** A member, and on demand what the viewer may do about him. */
export function MemberRow({ group, member: { user, role }, isViewer, onDone }: Props) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <li>
      <PersonLine user={user}>
        <small>{isViewer ? ['you', ROLES[role]].filter(Boolean).join(', ') : ROLES[role]}</small>
        {!isViewer && (
          <IconButton
            label={`What to do about ${user.displayName}`}
            aria-expanded={isOpen}
            onClick={() => setIsOpen(!isOpen)}
          >
            <Icon name="more" />
          </IconButton>
        )}
      </PersonLine>
      {isOpen && (
        <div className="person-actions">
          <Button onClick={() => goTo({ type: 'user', id: user.id })}>Message</Button>
          <ManagerActions group={group} member={{ user, role }} onDone={onDone} />
        </div>
      )}
    </li>
  )
}

function ManagerActions({ group, member: { user, role }, onDone }: Omit<Props, 'isViewer'>) {
  const [, setRole] = useMutation(SetRole)
  const [, transfer] = useMutation(TransferGroup)
  const [, remove] = useMutation(RemoveMember)
  const [, ban] = useMutation(BanMember)
  const isOwner = group.viewerRole === 'OWNER'
  if (!isOwner && (group.viewerRole !== 'ADMIN' || role !== 'MEMBER')) return null

  const input = { groupId: group.id, user: { id: user.id } }
  const other = role === 'ADMIN' ? 'MEMBER' : 'ADMIN'
  return (
    <>
      {isOwner && (
        <>
          <Button onClick={() => void setRole({ input: { ...input, role: other } }).then(onDone)}>
            {other === 'ADMIN' ? 'Make an admin' : 'No longer an admin'}
          </Button>
          <SureButton
            label="Make the owner…"
            sureLabel="Yes, hand the group over"
            onSure={() => void transfer({ input }).then(onDone)}
          />
        </>
      )}
      <SureButton label="Remove…" sureLabel="Yes, remove" onSure={() => void remove({ input }).then(onDone)} />
      <SureButton label="Ban…" sureLabel="Yes, remove for good" onSure={() => void ban({ input }).then(onDone)} />
    </>
  )
}
