import { useMutation, useQuery } from 'urql'
import { useChat } from '../chat.ts'
import { messageOf } from '../client/errors.ts'
import { momentOf } from '../conversations/times.ts'
import { storeSession } from '../session/session-store.ts'
import { Button } from '../ui/button.tsx'
import { EndSession, Sessions, SignOutEverywhere } from './device-operations.ts'

/** Where the viewer is signed in. */
export function DevicesTab() {
  const { end } = useChat()
  const [{ data, error: fault }] = useQuery({ query: Sessions, requestPolicy: 'cache-and-network' })
  const [{ error: refusal }, signOutEverywhere] = useMutation(SignOutEverywhere)
  const [{ error: objection }, endSession] = useMutation(EndSession)
  const error = refusal ?? objection ?? (data ? undefined : fault)

  async function leaveAll(): Promise<void> {
    const { error } = await signOutEverywhere({})
    if (error) return
    storeSession(null)
    end()
  }

  return (
    <>
      <ul className="devices">
        {data?.sessions.map(({ id, userAgent, lastUsedAt, current }) => (
          <li key={id}>
            <b>{nameOf(userAgent)}</b>
            <span>{current ? 'this device' : `last used ${momentOf(lastUsedAt)}`}</span>
            {!current && (
              <Button kind="plain" onClick={() => void endSession({ input: { sessionId: id } })}>
                Sign out<span className="visually-hidden"> {nameOf(userAgent)}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
      {error && <p role="alert">{messageOf(error)}</p>}
      <Button kind="danger" onClick={() => void leaveAll()}>
        Sign out everywhere
      </Button>
    </>
  )
}

/** “Firefox on Linux”, as far as the browser tells. */
function nameOf(userAgent: string | null): string {
  if (!userAgent) return 'Unknown device'
  const browser = ['Firefox', 'Edg', 'OPR', 'Chrome', 'Safari'].find((name) => userAgent.includes(`${name}/`))
  const system = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac OS', 'Linux'].find((name) => userAgent.includes(name))
  if (!browser) return userAgent.slice(0, 60)
  const names: Record<string, string> = { Edg: 'Edge', OPR: 'Opera' }
  return [names[browser] ?? browser, system].filter(Boolean).join(' on ')
}
