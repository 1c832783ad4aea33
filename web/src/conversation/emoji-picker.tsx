import { useLayoutEffect, useRef, useState } from 'react'
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
  const [isBelow, setIsBelow] = useState(false)
  useLayoutEffect(() => {
    const top = picker.current?.closest('.messages')?.getBoundingClientRect().top ?? 0
    setIsBelow((picker.current?.getBoundingClientRect().top ?? 0) < top)
    picker.current?.querySelector('button')?.focus()
  }, [])
  return (
    <fieldset
      ref={picker}
      className="emoji-picker"
      data-below={isBelow || undefined}
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
