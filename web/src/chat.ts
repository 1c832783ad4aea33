import { createContext, useContext } from 'react'
import { type ChatClient, createChatClient } from './client/client.ts'
import { createOutbox, type Outbox } from './conversation/outbox.ts'
import type { SessionPartsFragment } from './generated/graphql.ts'
import { createSession, type Session } from './session/session.ts'
import type { StoredSession } from './session/session-store.ts'

/** All that belongs to who is signed in, for as long as he is. */
export interface Chat extends ChatClient {
  /** Another one for each opening. */
  key: number
  session: Session
  outbox: Outbox
  /** Leaves the chat for the sign-in page. */
  end(): void
  /** Loads everything anew. */
  startOver(): void
  close(): void
}

let opened = 0

export function openChat(
  stored: StoredSession,
  fresh: SessionPartsFragment | null,
  { end, startOver }: Pick<Chat, 'end' | 'startOver'>,
): Chat {
  const session = createSession(stored, fresh, end)
  const chatClient = createChatClient(session)
  const outbox = createOutbox(chatClient.client, stored.user.id)
  opened += 1
  return {
    ...chatClient,
    key: opened,
    session,
    outbox,
    end,
    startOver,
    close() {
      chatClient.line.close()
      outbox.close()
    },
  }
}

export const ChatContext = createContext<Chat | null>(null)

/** @throws Error outside of a chat */
export function useChat(): Chat {
  const chat = useContext(ChatContext)
  if (!chat) throw new Error('Nobody is signed in here.')
  return chat
}
