import { useLayoutEffect, useRef, useState } from 'react'
import { useChat } from '../chat.ts'
import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Popover } from '../ui/popover.tsx'
import { openHabits } from './emoji-habits.ts'
import { EmojiPanel } from './emoji-panel.tsx'
import './emoji-picker.css'

const QUICK = [
  ['👍', 'thumbs up'],
  ['❤️', 'red heart'],
  ['😂', 'face with tears of joy'],
  ['🎉', 'party popper'],
  ['😮', 'face with open mouth'],
  ['😢', 'crying face'],
  ['🙏', 'folded hands'],
] as const

interface Props {
  /** The button that it belongs to. */
  anchor: HTMLElement
  /** Whether to offer a handful first, and all on demand. */
  isQuick?: boolean
  onPick: (emoji: string) => void
  onClose: () => void
}

export function EmojiPicker({ anchor, isQuick = false, onPick, onClose }: Props) {
  const { session } = useChat()
  const [isFull, setIsFull] = useState(!isQuick)
  const quick = useRef<HTMLFieldSetElement>(null)
  useLayoutEffect(() => quick.current?.querySelector('button')?.focus(), [])

  function pick(emoji: string): void {
    openHabits(session.user.id).pick(emoji)
    onClose()
    onPick(emoji)
  }

  return (
    <Popover label="Emoji" anchor={anchor} onClose={onClose}>
      {isFull ? (
        <EmojiPanel onPick={pick} />
      ) : (
        <fieldset ref={quick} className="emoji-quick" aria-label="Frequent emoji">
          {QUICK.map(([emoji, name]) => (
            <button key={emoji} type="button" aria-label={name} title={name} onClick={() => pick(emoji)}>
              {emoji}
            </button>
          ))}
          <IconButton label="More emoji" onClick={() => setIsFull(true)}>
            <Icon name="plus" />
          </IconButton>
        </fieldset>
      )}
    </Popover>
  )
}
