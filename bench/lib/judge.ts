/** What was sent to a conversation, and so has to arrive: each message once, numbered without a gap. */
export interface Judge {
  /** To be called before it is sent. */
  expect(content: string): void
  /**
   * Takes the next frame of graphql-transport-ws.
   * @returns the message's content
   * @throws Error where it isn't one that is due
   */
  judge(frame: string): string
}

interface EventFrame {
  id?: string
  type?: string
  payload?: { errors?: unknown; data?: Record<string, { type?: string; message?: { seq: number; content: string } }> }
}

/**
 * @param operation the operation's id
 * @param field the subscription's field
 */
export function createJudge(operation: string, field: string): Judge {
  const due = new Set<string>()
  let last: number | null = null

  return {
    expect: (content) => void due.add(content),
    judge(frame) {
      const { id, type, payload } = JSON.parse(frame) as EventFrame
      const event = payload?.data?.[field]
      const message = event?.message
      if (id !== operation || type !== 'next' || payload?.errors || event?.type !== 'CREATED' || !message) {
        throw new Error(`A subscriber got a frame that is no new message: ${frame}`)
      }
      if (last !== null && message.seq !== last + 1) throw new Error(`After number ${last} came ${frame}`)
      if (!due.delete(message.content)) throw new Error(`It was not sent, or has come before: ${frame}`)
      last = message.seq
      return message.content
    },
  }
}
