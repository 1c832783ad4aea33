import { type FormEvent, useId, useState } from 'react'
import { messageOf } from '../client/errors.ts'
import type { SessionPartsFragment } from '../generated/graphql.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { anonymousClient } from './session.ts'
import { Register, SignIn } from './session-operations.ts'
import './sign-in-page.css'

interface Props {
  /** Whether the server ended a session that nobody here signed out of. */
  isExpelled: boolean
  onSignedIn: (payload: SessionPartsFragment) => void
}

/** Signs in who has an account, or makes one. */
export function SignInPage({ isExpelled, onSignedIn }: Props) {
  const [isNew, setIsNew] = useState(false)
  const [isBusy, setIsBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const title = useId()

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '')
    setIsBusy(true)
    const { payload, error } = isNew
      ? await register({ username: text('username'), password: text('password'), displayName: text('name') || null })
      : await signIn({ login: text('username'), password: text('password') })
    setIsBusy(false)
    if (payload) onSignedIn(payload)
    else setFault(error ? messageOf(error) : null)
  }

  return (
    <main className="sign-in">
      <form aria-labelledby={title} onSubmit={(event) => void submit(event)}>
        <img src="/favicon.svg" alt="" width="40" height="40" />
        <h1 id={title}>{isNew ? 'Create an account' : 'Sign in'}</h1>
        {isExpelled && <p role="status">Your session here has ended. Sign in again; what you have written is kept.</p>}
        <Field
          label={isNew ? 'Username' : 'Username or email'}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          autoFocus
          required
        />
        {isNew && (
          <Field label="Name to show" name="name" autoComplete="name" placeholder="the username, unless given" />
        )}
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete={isNew ? 'new-password' : 'current-password'}
          minLength={isNew ? 8 : undefined}
          required
        />
        <p className="sign-in-fault" role="alert">
          {fault}
        </p>
        <Button type="submit" kind="primary" disabled={isBusy}>
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
