import { useRef, useState } from 'react'
import type { CombinedError } from 'urql'
import { useChat } from '../chat.ts'
import { messageOf } from '../client/errors.ts'
import { upload } from '../conversation/upload.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { smallPicture } from './small-picture.ts'

interface Props {
  name: string
  url: string | null
  /** Keeps the new address; null for no picture. @returns what went wrong */
  onChange: (url: string | null) => Promise<CombinedError | undefined>
}

/** A picture of somebody or of a group, to be changed. */
export function PictureField({ name, url, onChange }: Props) {
  const { session } = useChat()
  const picker = useRef<HTMLInputElement>(null)
  const [fault, setFault] = useState<string | null>(null)
  const [isBusy, setIsBusy] = useState(false)

  async function change(file: File | null): Promise<void> {
    setIsBusy(true)
    try {
      const error = await onChange(file && (await upload(session, await smallPicture(file))))
      setFault(error ? messageOf(error) : null)
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error))
    }
    setIsBusy(false)
  }

  return (
    <div className="picture-field">
      <Avatar name={name} url={url} size={56} />
      <Button disabled={isBusy} onClick={() => picker.current?.click()}>
        {isBusy ? 'Being sent…' : 'Choose a picture'}
      </Button>
      {url && (
        <Button kind="plain" onClick={() => void change(null)}>
          Remove
        </Button>
      )}
      <input
        ref={picker}
        type="file"
        accept="image/*"
        hidden
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? []
          if (file) void change(file)
          currentTarget.value = ''
        }}
      />
      {fault && <p role="alert">{fault}</p>}
    </div>
  )
}
