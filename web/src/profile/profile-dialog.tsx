import { useChat } from '../chat.ts'
import { storeSession } from '../session/session-store.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'

export function ProfileDialog({ onClose }: { onClose: () => void }) {
  const { end } = useChat()
  return (
    <Dialog title="Profile" onClose={onClose}>
      <Button
        onClick={() => {
          storeSession(null)
          end()
        }}
      >
        Sign out
      </Button>
    </Dialog>
  )
}
