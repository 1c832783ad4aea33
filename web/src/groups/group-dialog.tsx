import { useState } from 'react'
import { type CombinedError, useMutation, useQuery } from 'urql'
import { messageOf } from '../client/errors.ts'
import type { AboutGroupFragment } from '../generated/graphql.ts'
import { Dialog } from '../ui/dialog.tsx'
import { UserList } from '../ui/user-list.tsx'
import { GroupForm } from './group-form.tsx'
import { AddMember, GroupById, UnbanMember } from './group-operations.ts'
import { Leaving } from './leaving.tsx'
import { MemberList } from './member-list.tsx'
import { PeoplePicker } from './people-picker.tsx'

export type Group = AboutGroupFragment

/** Takes what something came to. */
export type Done = (result: { error?: CombinedError | undefined }) => void

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
      {group && <About group={group} />}
    </Dialog>
  )
}

function About({ group }: { group: Group }) {
  const [fault, setFault] = useState<string | null>(null)
  const isManager = group.viewerRole === 'OWNER' || group.viewerRole === 'ADMIN'
  const note: Done = ({ error }) => setFault(error ? messageOf(error) : null)

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
      <MemberList group={group} onDone={note} />
      {fault && (
        <p role="alert" ref={bringIntoSight}>
          {fault}
        </p>
      )}
      {isManager && <Admission group={group} onDone={note} />}
      <Leaving group={group} onDone={note} />
    </>
  )
}

/** What was pressed may be far from it. */
function bringIntoSight(element: Element | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}

/** Who may come in, and who may not. */
function Admission({ group, onDone }: { group: Group; onDone: Done }) {
  const [, add] = useMutation(AddMember)
  const [, unban] = useMutation(UnbanMember)
  const banned = group.bannedUsers?.edges.map(({ node }) => node) ?? []
  const inputFor = (userId: string) => ({ input: { groupId: group.id, user: { id: userId } } })
  return (
    <>
      {banned.length > 0 && (
        <section className="people">
          <h3>Banned</h3>
          <UserList users={banned} action="Unban" onAct={(id) => void unban(inputFor(id)).then(onDone)} />
        </section>
      )}
      <PeoplePicker
        label="Add members"
        isQuiet
        without={new Set(group.members.edges.map(({ node }) => node.user.id))}
        onPick={({ id }) => void add(inputFor(id)).then(onDone)}
      />
    </>
  )
}
