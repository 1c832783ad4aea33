import { useEffect, useRef } from 'react'
import './emoji-picker.css'

const EMOJI = [
  '👍',
  '❤️',
  '😂',
  '😮',
  '😢',
  '🎉',
  '🙏',
  '🔥',
  '👀',
  '✅',
  '👏',
  '🤔',
  '😀',
  '😍',
  '😅',
  '👎',
  '💯',
  '🚀',
]

/** A handful of emoji; Escape closes it. */
export function EmojiPicker({ onPick, onClose }: { onPick: (emoji: string) => void; onClose: () => void }) {
  const picker = useRef<HTMLFieldSetElement>(null)
  useEffect(() => picker.current?.querySelector('button')?.focus(), [])
  return (
    <fieldset
      ref={picker}
      className="emoji-picker"
      aria-label="Emoji"
      onBlur={({ relatedTarget }) => {
        if (!picker.current?.contains(relatedTarget)) onClose()
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onClose()
      }}
    >
      {EMOJI.map((emoji) => (
        <button key={emoji} type="button" onClick={() => onPick(emoji)}>
          {emoji}
        </button>
      ))}
    </fieldset>
  )
}
