import { createContext, useContext } from 'react'
import { type ChatClient, createChatClient } from './client/client.ts'
import { createObservable, type Observable } from './client/observable.ts'
import { createOutbox, type Outbox } from './conversation/outbox.ts'
import { createUploads, type Uploads } from './conversation/uploads.ts'
import type { SessionPartsFragment } from './generated/graphql.ts'
import { createSession, type Session } from './session/session.ts'
import type { StoredSession } from './session/session-store.ts'

/** All that belongs to who is signed in, for as long as he is. */
export interface Chat extends ChatClient {
  /** Another one for each opening. */
  key: number
  session: Session
  outbox: Outbox
  uploads: Uploads
  /** Why what was asked for last has not been done. */
  failure: Observable<string | null>
  /** Leaves the chat for the sign-in page. @param note to say there */
  end(note?: string): void
  /** Loads everything anew. */
  startOver(): void
  close(): void
}

let opened = 0

export function openChat(
  stored: StoredSession,
  fresh: SessionPartsFragment | null,
  { end, expel, startOver }: Pick<Chat, 'end' | 'startOver'> & { expel(): void },
): Chat {
  let isClosed = false
  // Who has left by himself is not told that he was put out.
  const session = createSession(stored, fresh, () => !isClosed && expel())
  const chatClient = createChatClient(session)
  const outbox = createOutbox(chatClient.client, stored.user.id)
  const uploads = createUploads(session)
  opened += 1
  return {
    ...chatClient,
    key: opened,
    session,
    outbox,
    uploads,
    failure: createObservable<string | null>(null),
    end,
    startOver,
    close() {
      isClosed = true
      chatClient.line.close()
      outbox.close()
      uploads.close()
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
