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
  const [isExpelled, setIsExpelled] = useState(false)

  const open = useCallback((stored: StoredSession | null, fresh: SessionPartsFragment | null = null) => {
    setIsExpelled(false)
    const end = () => open(null)
    const expel = () => {
      end()
      setIsExpelled(true)
    }
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
        isExpelled={isExpelled}
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
