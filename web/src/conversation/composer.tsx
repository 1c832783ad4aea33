import {
  type ClipboardEvent,
  type Dispatch,
  type KeyboardEvent,
  type SetStateAction,
  useEffect,
  useRef,
  useState,
} from 'react'
import { useChat } from '../chat.ts'
import type { Message } from '../client/fragments.ts'
import { useAction } from '../client/use-action.ts'
import { gist } from '../conversations/names.ts'
import { EmojiButton } from '../emoji/emoji-button.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Attachments } from './attachments.tsx'
import { keepDraft, readDraft } from './drafts.ts'
import { MessageField } from './message-field.tsx'
import { EditMessage } from './message-operations.ts'
import type { Target } from './outbox.ts'
import { useTyping } from './use-typing.ts'
import type { useUploads } from './use-uploads.ts'
import './composer.css'

const LONGEST = 4_000 // characters

/** What the message being written is about: an answer to one, or another text for it, which may have been begun. */
export type Regarding = { type: 'reply' | 'edit'; message: Message; begun?: string } | null

interface Props {
  name: string
  target: Target
  conversationId: string | null
  lastSeq: number
  regarding: Regarding
  setRegarding: Dispatch<SetStateAction<Regarding>>
  lastOwn: Message | undefined
  files: ReturnType<typeof useUploads>
}

export function Composer({ name, target, conversationId, lastSeq, regarding, setRegarding, lastOwn, files }: Props) {
  const { session, outbox } = useChat()
  const edit = useAction(EditMessage)
  const [draft, setDraft] = useState(() => readDraft(session.user.id, target.id))
  const [edited, setEdited] = useState('')
  const input = useRef<HTMLTextAreaElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const tellTyping = useTyping(conversationId)
  const isEditing = regarding?.type === 'edit'
  const text = isEditing ? edited : draft
  const ready = files.uploads.filter(({ url }) => url)
  const isUploading = files.uploads.some(({ url, fault }) => !url && !fault)
  const canSend = !isUploading && (text.trim() !== '' || (!isEditing && ready.length > 0)) && text.length <= LONGEST

  // Not where a keyboard would come up over the page.
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) input.current?.focus()
  }, [])
  useEffect(() => {
    if (regarding?.type === 'edit') setEdited(regarding.begun ?? regarding.message.content ?? '')
    if (regarding) input.current?.focus()
  }, [regarding])

  function write(value: string): void {
    if (isEditing) {
      setEdited(value)
      return
    }
    setDraft(value)
    keepDraft(session.user.id, target.id, value)
    tellTyping(value)
  }

  function submit(): void {
    if (!canSend) return
    if (regarding?.type === 'edit') void change(regarding.message, text.trim())
    else sendAll()
    setRegarding(null)
  }

  async function change(message: Message, content: string): Promise<void> {
    const { error } = await edit({ input: { messageId: message.id, content } })
    if (error) setRegarding((now) => now ?? { type: 'edit', message, begun: content })
  }

  function sendAll(): void {
    const replyTo = regarding && {
      id: regarding.message.id,
      name: regarding.message.sender.displayName,
      gist: gist(regarding.message),
    }
    // Each file is a message; the text goes with the first.
    const media = ready.length > 0 ? ready.map(({ url }) => url) : [null]
    media.forEach((mediaUrl, index) => {
      const content = index === 0 ? draft.trim() : ''
      outbox.send({ target, content, mediaUrl, replyTo: index === 0 ? replyTo : null, afterSeq: lastSeq })
    })
    files.remove(ready.map(({ id }) => id))
    setDraft('')
    keepDraft(session.user.id, target.id, '')
    tellTyping('')
  }

  function press(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      submit()
    } else if (event.key === 'Escape' && regarding) setRegarding(null)
    else if (event.key === 'ArrowUp' && text === '' && lastOwn) {
      event.preventDefault()
      setRegarding({ type: 'edit', message: lastOwn })
    }
  }

  function insert(emoji: string): void {
    const field = input.current
    if (!field) return
    field.focus()
    field.setRangeText(emoji, field.selectionStart, field.selectionEnd, 'end')
    write(field.value)
  }

  function paste(event: ClipboardEvent): void {
    if (event.clipboardData.files.length === 0) return
    event.preventDefault()
    files.add(event.clipboardData.files)
  }

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      {regarding && (
        <p className="composer-regarding">
          <Icon name={regarding.type === 'reply' ? 'reply' : 'edit'} size={15} />
          <span dir="auto">
            {regarding.type === 'edit' ? 'Editing: ' : `Reply to ${regarding.message.sender.displayName}: `}
            {gist(regarding.message)}
          </span>
          <IconButton label="Cancel" onClick={() => setRegarding(null)}>
            <Icon name="close" size={15} />
          </IconButton>
        </p>
      )}
      <Attachments {...files} />
      <div className="composer-line">
        <IconButton label="Attach files" onClick={() => picker.current?.click()}>
          <Icon name="clip" size={20} />
        </IconButton>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={({ currentTarget }) => {
            files.add([...(currentTarget.files ?? [])])
            currentTarget.value = ''
          }}
        />
        <MessageField
          field={input}
          name={name}
          text={text}
          groupId={target.type === 'group' ? target.id : null}
          onWrite={write}
          onKeyDown={press}
          onPaste={paste}
        />
        <EmojiButton onPick={insert} />
        <Button type="submit" kind="primary" className="composer-send" disabled={!canSend} aria-label="Send">
          <Icon name={isEditing ? 'check' : 'send'} size={18} />
        </Button>
      </div>
      {text.length > LONGEST * 0.9 && (
        <p className="composer-length" role="status">
          {text.length} of {LONGEST} characters
        </p>
      )}
    </form>
  )
}
