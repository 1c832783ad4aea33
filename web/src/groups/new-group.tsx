import { type FormEvent, useState } from 'react'
import { useMutation } from 'urql'
import { messageOf } from '../client/errors.ts'
import type { User } from '../client/fragments.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Field, TextField } from '../ui/field.tsx'
import { Icon } from '../ui/icon.tsx'
import { CreateGroup } from './group-operations.ts'
import { PeoplePicker } from './people-picker.tsx'

/** A name, who may know of it, and its first members. */
export function NewGroup({ onCreated }: { onCreated: (groupId: string) => void }) {
  const [{ fetching, error }, create] = useMutation(CreateGroup)
  const [members, setMembers] = useState<readonly User[]>([])

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const { data } = await create({
      input: {
        name: String(form.get('name')).trim(),
        description: String(form.get('description')).trim() || null,
        visibility: form.get('public') ? 'PUBLIC' : 'PRIVATE',
        memberIds: members.map(({ id }) => id),
      },
    })
    if (data) onCreated(data.createGroup.group.id)
  }

  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      <Field label="Name" name="name" required maxLength={80} autoFocus autoComplete="off" />
      <TextField label="What it is about" name="description" maxLength={1000} autoComplete="off" />
      <label className="check">
        <input type="checkbox" name="public" /> Everybody can find it and join
      </label>
      {members.length > 0 && (
        <ul className="chips" aria-label="Members">
          {members.map(({ id, displayName }) => (
            <li key={id}>
              <span dir="auto">{displayName}</span>
              <IconButton
                label={`Remove ${displayName}`}
                onClick={() => setMembers(members.filter((m) => m.id !== id))}
              >
                <Icon name="close" size={13} />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <PeoplePicker
        label="Add members"
        isQuiet
        without={new Set(members.map(({ id }) => id))}
        onPick={(user) => setMembers([...members, user])}
      />
      {error && <p role="alert">{messageOf(error)}</p>}
      <Button type="submit" kind="primary" disabled={fetching}>
        Create group
      </Button>
    </form>
  )
}
