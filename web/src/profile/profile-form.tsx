import { type FormEvent, useState } from 'react'
import { type CombinedError, useMutation } from 'urql'
import { useChat } from '../chat.ts'
import { messageOf } from '../client/errors.ts'
import { canNotify, turnNotices, wantsNotices } from '../conversations/notices.ts'
import type { ViewerQuery } from '../generated/graphql.ts'
import { SignOut } from '../session/session-operations.ts'
import { storeSession } from '../session/session-store.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { PictureField } from './picture-field.tsx'
import { UpdateProfile } from './profile-operations.ts'
import './profile.css'

export interface ProfileProps {
  viewer: ViewerQuery['viewer'] | undefined
  /** Why the viewer could not be loaded, which is tried again. */
  error: CombinedError | undefined
}

export function ProfileForm({ viewer, error: fault }: ProfileProps) {
  const { end } = useChat()
  const [{ fetching, error }, update] = useMutation(UpdateProfile)
  const [{ fetching: isLeaving }, signOut] = useMutation(SignOut)
  const [isSaved, setIsSaved] = useState(false)
  const [areNoticesOn, setNoticesOn] = useState(wantsNotices)
  if (!viewer) return fault ? <p role="alert">{messageOf(fault)}</p> : null

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const displayName = String(form.get('name')).trim()
    const result = await update({ input: { displayName, email: String(form.get('email')).trim() || null } })
    setIsSaved(!result.error)
  }

  async function leave(): Promise<void> {
    await signOut({})
    storeSession(null)
    end()
  }

  return (
    <form className="form" onSubmit={(event) => void submit(event)} onChange={() => setIsSaved(false)}>
      <PictureField
        name={viewer.displayName}
        url={viewer.avatarUrl}
        onChange={async (avatarUrl) => (await update({ input: { avatarUrl } })).error}
      />
      <p className="profile-username">@{viewer.username}</p>
      <Field
        label="Name to show"
        name="name"
        autoComplete="name"
        defaultValue={viewer.displayName}
        required
        maxLength={64}
      />
      <Field
        label="Email, which nobody else sees"
        name="email"
        type="email"
        autoComplete="email"
        defaultValue={viewer.email ?? ''}
      />
      {error && <p role="alert">{messageOf(error)}</p>}
      <Button type="submit" kind="primary" disabled={fetching}>
        {isSaved ? 'Saved' : 'Save'}
      </Button>
      {canNotify() ? (
        <label className="check">
          <input
            type="checkbox"
            checked={areNoticesOn}
            onChange={({ currentTarget }) => void turnNotices(currentTarget.checked).then(setNoticesOn)}
          />
          Notices of new messages on the desktop
        </label>
      ) : (
        <p className="profile-username">Your browser shows no notices of this page: its settings can allow them.</p>
      )}
      <Button disabled={isLeaving} onClick={() => void leave()}>
        Sign out
      </Button>
    </form>
  )
}
