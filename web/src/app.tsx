import { useCallback, useEffect, useState } from 'react'
import { Provider } from 'urql'
import { type Chat, ChatContext, openChat } from './chat.ts'
import { ChatPage } from './chat-page.tsx'
import type { SessionPartsFragment } from './generated/graphql.ts'
import { readSession, type StoredSession, watchSession } from './session/session-store.ts'
import { SignInPage } from './session/sign-in-page.tsx'

/** The page: signing in, or the chat of who is. */
export function App() {
  const [chat, setChat] = useState<Chat | null>(null)
  const [note, setNote] = useState<string | null>(null)

  const open = useCallback((stored: StoredSession | null, fresh: SessionPartsFragment | null = null) => {
    setNote(null)
    const end = (why: string | null = null) => {
      open(null)
      setNote(why)
    }
    const expel = () => end('Your session here has ended. Sign in again; what you have written is kept.')
    setChat((before) => {
      before?.close()
      return stored && openChat(stored, fresh, { end, expel, startOver: () => open(readSession()) })
    })
  }, [])

  useEffect(() => open(readSession()), [open])
  useEffect(
    () =>
      watchSession((stored) => {
        if (stored?.user.id !== chat?.session.user.id) open(stored)
      }),
    [chat, open],
  )

  if (!chat) {
    return readSession() ? null : (
      <SignInPage
        note={note}
        onSignedIn={(payload) => open({ refreshToken: payload.refreshToken, user: payload.user }, payload)}
      />
    )
  }
  return (
    <ChatContext value={chat}>
      <Provider value={chat.client} key={chat.key}>
        <ChatPage />
      </Provider>
    </ChatContext>
  )
}
