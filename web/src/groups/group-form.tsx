import { type FormEvent, useState } from 'react'
import { useMutation } from 'urql'
import { messageOf } from '../client/errors.ts'
import { PictureField } from '../profile/picture-field.tsx'
import { Button } from '../ui/button.tsx'
import { Field, TextField } from '../ui/field.tsx'
import type { Group } from './group-dialog.tsx'
import { UpdateGroup } from './group-operations.ts'

/** A group's details, for its owner and admins to change. */
export function GroupForm({ group }: { group: Group }) {
  const [{ fetching, error }, update] = useMutation(UpdateGroup)
  const [isSaved, setIsSaved] = useState(false)

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const result = await update({
      input: {
        groupId: group.id,
        name: String(form.get('name')).trim(),
        description: String(form.get('description')).trim() || null,
        visibility: form.get('public') ? 'PUBLIC' : 'PRIVATE',
      },
    })
    setIsSaved(!result.error)
  }

  return (
    <form className="form" onSubmit={(event) => void submit(event)} onChange={() => setIsSaved(false)}>
      <PictureField
        name={group.name}
        url={group.avatarUrl}
        onChange={async (avatarUrl) => (await update({ input: { groupId: group.id, avatarUrl } })).error}
      />
      <Field label="Name" name="name" defaultValue={group.name} required maxLength={80} autoComplete="off" />
      <TextField
        label="What it is about"
        name="description"
        defaultValue={group.description ?? ''}
        maxLength={1000}
        autoComplete="off"
      />
      <label className="check">
        <input type="checkbox" name="public" defaultChecked={group.visibility === 'PUBLIC'} /> Everybody can find it and
        join
      </label>
      {error && <p role="alert">{messageOf(error)}</p>}
      <Button type="submit" disabled={fetching}>
        {isSaved ? 'Saved' : 'Save'}
      </Button>
    </form>
  )
}
