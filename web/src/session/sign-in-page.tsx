import { type FormEvent, useId, useState } from 'react'
import { fieldOf, messageOf } from '../client/errors.ts'
import type { SessionPartsFragment } from '../generated/graphql.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { anonymousClient } from './session.ts'
import { Register, SignIn } from './session-operations.ts'
import './sign-in-page.css'

interface Props {
  /** Why nobody is signed in any longer. */
  note: string | null
  onSignedIn: (payload: SessionPartsFragment) => void
}

/** Signs in who has an account, or makes one. */
export function SignInPage({ note, onSignedIn }: Props) {
  const [isNew, setIsNew] = useState(false)
  const [isBusy, setIsBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const title = useId()

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (isBusy) return
    const element = event.currentTarget
    const form = new FormData(element)
    const text = (name: string) => String(form.get(name) ?? '')
    const [username, password, displayName] = [text('username').trim(), text('password'), text('displayName').trim()]
    setIsBusy(true)
    const { payload, error } = isNew
      ? await register({ username, password, displayName: displayName || null })
      : await signIn({ login: username, password })
    setIsBusy(false)
    if (payload) return onSignedIn(payload)
    setFault(error ? messageOf(error) : null)
    const field = element.elements.namedItem(fieldOf(error) ?? 'password')
    if (field instanceof HTMLInputElement) field.select()
  }

  return (
    <main className="sign-in">
      <form aria-labelledby={title} aria-busy={isBusy} onSubmit={(event) => void submit(event)}>
        <img src="/favicon.svg" alt="" width="40" height="40" />
        <h1 id={title}>{isNew ? 'Create an account' : 'Sign in'}</h1>
        {note && <p role="status">{note}</p>}
        <Field
          label={isNew ? 'Username' : 'Username or email'}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          autoFocus
          required
          {...(isNew && { hint: '3 to 32 letters without accents, digits, and _ . -' })}
        />
        {isNew && (
          <Field
            label="Name to show"
            name="displayName"
            autoComplete="name"
            placeholder="the username, unless given"
            maxLength={64}
          />
        )}
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete={isNew ? 'new-password' : 'current-password'}
          required
          {...(isNew && { minLength: 8, hint: 'At least 8 characters' })}
        />
        <p className="sign-in-fault" role="alert">
          {fault}
        </p>
        <Button type="submit" kind="primary">
          {isNew ? 'Create account' : 'Sign in'}
        </Button>
        <Button
          kind="plain"
          onClick={() => {
            setIsNew(!isNew)
            setFault(null)
          }}
        >
          {isNew ? 'I have an account' : 'Create an account'}
        </Button>
      </form>
    </main>
  )
}

async function signIn(input: { login: string; password: string }) {
  const { data, error } = await anonymousClient.mutation(SignIn, { input }).toPromise()
  return { payload: data?.login, error }
}

async function register(input: { username: string; password: string; displayName: string | null }) {
  const { data, error } = await anonymousClient.mutation(Register, { input }).toPromise()
  return { payload: data?.register, error }
}
