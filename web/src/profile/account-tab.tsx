import { type FormEvent, useState } from 'react'
import { useMutation } from 'urql'
import { useChat } from '../chat.ts'
import { messageOf } from '../client/errors.ts'
import { storeSession } from '../session/session-store.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { ChangePassword, DeleteAccount } from './profile-operations.ts'

/** The password, and the end of the account. */
export function AccountTab() {
  const { session, end } = useChat()
  const [{ error: refusal, fetching: isChanging }, changePassword] = useMutation(ChangePassword)
  const [{ error: objection, fetching: isDeleting }, deleteAccount] = useMutation(DeleteAccount)
  const [isChanged, setIsChanged] = useState(false)

  async function change(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const element = event.currentTarget
    const form = new FormData(element)
    const input = { currentPassword: String(form.get('current')), newPassword: String(form.get('new')) }
    const { data } = await changePassword({ input })
    setIsChanged(!!data)
    if (!data) return
    session.adopt(data.changePassword)
    element.reset()
  }

  async function remove(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const password = String(new FormData(event.currentTarget).get('password'))
    const { data } = await deleteAccount({ input: { password } })
    if (!data) return
    storeSession(null)
    end('Your account has been deleted.')
  }

  return (
    <>
      <form className="form" onSubmit={(event) => void change(event)}>
        <Username name={session.user.username} />
        <Field label="Password until now" name="current" type="password" autoComplete="current-password" required />
        <Field
          label="New password"
          hint="At least 8 characters. All other devices are signed out."
          name="new"
          type="password"
          autoComplete="new-password"
          minLength={8}
          required
        />
        {refusal && <p role="alert">{messageOf(refusal)}</p>}
        {isChanged && <p role="status">Changed. All other devices have been signed out.</p>}
        <Button type="submit" disabled={isChanging}>
          Change password
        </Button>
      </form>
      <h3>Delete the account</h3>
      <form className="form" onSubmit={(event) => void remove(event)}>
        <Username name={session.user.username} />
        <p>Your messages stay, under a name that no longer tells who wrote them.</p>
        <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        {objection && <p role="alert">{messageOf(objection)}</p>}
        <Button type="submit" kind="danger" disabled={isDeleting}>
          Delete my account
        </Button>
      </form>
    </>
  )
}

/** For password managers, which want to know whose password it is. */
function Username({ name }: { name: string }) {
  return <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
}
