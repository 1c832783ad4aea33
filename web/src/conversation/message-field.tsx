import type { ClipboardEvent, KeyboardEvent, RefObject } from 'react'
import { MentionList, optionId } from './mention-list.tsx'
import { useMentions } from './use-mentions.ts'

interface Props {
  field: RefObject<HTMLTextAreaElement | null>
  name: string
  text: string
  /** Whose members are offered for an `@`; null where nobody is. */
  groupId: string | null
  onWrite: (text: string) => void
  onKeyDown: (event: KeyboardEvent) => void
  onPaste: (event: ClipboardEvent) => void
}

/** Where a message is written. */
export function MessageField({ field, name, text, groupId, onWrite, onKeyDown, onPaste }: Props) {
  const mentions = useMentions({ groupId, field, text, onWrite })
  const isOffering = mentions.people.length > 0
  return (
    <>
      <MentionList id={mentions.id} people={mentions.people} index={mentions.index} onTake={mentions.take} />
      <textarea
        ref={field}
        rows={1}
        dir="auto"
        value={text}
        aria-label={`Message to ${name}`}
        aria-autocomplete={groupId ? 'list' : undefined}
        aria-haspopup={groupId ? 'listbox' : undefined}
        aria-controls={isOffering ? mentions.id : undefined}
        aria-activedescendant={isOffering ? optionId(mentions.id, mentions.index) : undefined}
        placeholder={`Message to ${name}`}
        onChange={({ currentTarget }) => {
          mentions.setCaret(currentTarget.selectionEnd)
          onWrite(currentTarget.value)
        }}
        onSelect={({ currentTarget }) => mentions.setCaret(currentTarget.selectionEnd)}
        onBlur={() => mentions.setCaret(null)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing || !mentions.press(event)) onKeyDown(event)
        }}
        onPaste={onPaste}
      />
    </>
  )
}
