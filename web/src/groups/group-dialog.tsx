import { Dialog } from '../ui/dialog.tsx'

export function GroupDialog({ groupId, onClose }: { groupId: string; onClose: () => void }) {
  return (
    <Dialog title="Group" onClose={onClose}>
      {groupId}
    </Dialog>
  )
}
