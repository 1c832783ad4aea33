import { useMutation } from 'urql'
import { leave as leavePlace } from '../route.ts'
import { SureButton } from '../ui/sure-button.tsx'
import type { Done, Group } from './group-dialog.tsx'
import { DeleteGroup, LeaveGroup } from './group-operations.ts'

/** How to get out of a group: its owner can't but by handing it over or deleting it. */
export function Leaving({ group: { id, viewerRole, memberCount }, onDone }: { group: Group; onDone: Done }) {
  const [, leave] = useMutation(LeaveGroup)
  const [, remove] = useMutation(DeleteGroup)
  const input = { groupId: id }

  const go: Done = (result) => {
    onDone(result)
    if (!result.error) leavePlace()
  }

  return (
    <section>
      <h3>Leaving</h3>
      {viewerRole === 'OWNER' ? (
        <>
          <p className="group-advice">
            {memberCount > 1
              ? 'A group has an owner: to leave, make somebody else the owner first, with … beside the name.'
              : 'Nobody else is in the group: to leave, delete it.'}
          </p>
          <SureButton
            label="Delete the group…"
            sureLabel="Yes, delete it with all its messages"
            onSure={() => void remove({ input }).then(go)}
          />
        </>
      ) : (
        <SureButton
          label="Leave the group…"
          sureLabel="Yes, leave the group"
          onSure={() => void leave({ input }).then(go)}
        />
      )}
    </section>
  )
}
