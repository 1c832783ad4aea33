import { useState } from 'react'
import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { EmojiPicker } from './emoji-picker.tsx'

interface Props {
  label?: string
  /** Whether to offer a handful first. */
  isQuick?: boolean
  onPick: (emoji: string) => void
}

/** Opens the emoji. */
export function EmojiButton({ label = 'Emoji', isQuick = false, onPick }: Props) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  return (
    <>
      <IconButton
        label={label}
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        onClick={({ currentTarget }) => setAnchor(anchor ? null : currentTarget)}
      >
        <Icon name="smile" size={isQuick ? 18 : 20} />
      </IconButton>
      {anchor && <EmojiPicker anchor={anchor} isQuick={isQuick} onPick={onPick} onClose={() => setAnchor(null)} />}
    </>
  )
}
