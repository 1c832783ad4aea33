import { useState } from 'react'
import { type CombinedError, useMutation, useQuery } from 'urql'
import { messageOf } from '../client/errors.ts'
import type { AboutGroupFragment } from '../generated/graphql.ts'
import { goTo } from '../route.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { BannedList } from './banned-list.tsx'
import { GroupForm } from './group-form.tsx'
import { AddMember, DeleteGroup, GroupById, LeaveGroup } from './group-operations.ts'
import { MemberList } from './member-list.tsx'
import { PeoplePicker } from './people-picker.tsx'

export type Group = AboutGroupFragment

/** What a group is, who is in it, and what the viewer may do about that. */
export function GroupDialog({ groupId, onClose }: { groupId: string; onClose: () => void }) {
  const [{ data, error }] = useQuery({
    query: GroupById,
    variables: { id: groupId },
    requestPolicy: 'cache-and-network',
  })
  const group = data?.group
  return (
    <Dialog title={group?.name ?? 'Group'} onClose={onClose}>
      {error && <p role="alert">{messageOf(error)}</p>}
      {group && <About group={group} onClose={onClose} />}
    </Dialog>
  )
}

function About({ group, onClose }: { group: Group; onClose: () => void }) {
  const [, leave] = useMutation(LeaveGroup)
  const [, remove] = useMutation(DeleteGroup)
  const [, add] = useMutation(AddMember)
  const [fault, setFault] = useState<string | null>(null)
  const [isSure, setIsSure] = useState(false)
  const { id, viewerRole } = group
  const isManager = viewerRole === 'OWNER' || viewerRole === 'ADMIN'
  const note = ({ error }: { error?: CombinedError | undefined }) => setFault(error ? messageOf(error) : null)

  function go(result: { error?: CombinedError | undefined }): void {
    note(result)
    if (result.error) return
    onClose()
    goTo(null)
  }

  return (
    <>
      {isManager ? (
        <GroupForm group={group} />
      ) : (
        group.description && (
          <p className="group-about" dir="auto">
            {group.description}
          </p>
        )
      )}
      {fault && <p role="alert">{fault}</p>}
      <MemberList group={group} onDone={note} />
      {isManager && (
        <>
          <BannedList group={group} onDone={note} />
          <PeoplePicker
            label="Add members"
            isQuiet
            without={new Set(group.members.edges.map(({ node }) => node.user.id))}
            onPick={(user) => void add({ input: { groupId: id, user: { id: user.id } } }).then(note)}
          />
        </>
      )}
      <h3>Leaving</h3>
      {viewerRole !== 'OWNER' && (
        <Button kind="danger" onClick={() => void leave({ input: { groupId: id } }).then(go)}>
          Leave the group
        </Button>
      )}
      {viewerRole === 'OWNER' && !isSure && (
        <Button kind="danger" onClick={() => setIsSure(true)}>
          Delete the group…
        </Button>
      )}
      {isSure && (
        <Button kind="danger" onClick={() => void remove({ input: { groupId: id } }).then(go)}>
          Yes, delete it with all its messages
        </Button>
      )}
    </>
  )
}
