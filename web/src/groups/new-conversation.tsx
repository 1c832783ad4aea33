import { goTo } from '../route.ts'
import { Dialog } from '../ui/dialog.tsx'
import { PeoplePicker } from './people-picker.tsx'

export function NewConversation({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="New conversation" onClose={onClose}>
      <PeoplePicker
        label="With whom?"
        onPick={({ id }) => {
          goTo({ type: 'user', id })
          onClose()
        }}
      />
    </Dialog>
  )
}
