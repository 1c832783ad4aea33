import { useCallback, useEffect, useMemo, useState } from 'react'
import { useClient, useQuery } from 'urql'
import { useChat } from '../chat.ts'
import { useReturn } from '../client/use-return.ts'
import { Activity, Marks } from './message-operations.ts'

const TYPING_LASTS = 8_000 // ms, should nobody say that it has ended

export interface Mark {
  readSeq: number
  deliveredSeq: number
}

/** Who is typing in a conversation, and how far each of its members has read. */
export function useActivity(conversationId: string) {
  const client = useClient()
  const { session } = useChat()
  const viewerId = session.user.id
  const [typists, setTypists] = useState<ReadonlyMap<string, string>>(new Map())
  const [live, setLive] = useState<ReadonlyMap<string, Mark>>(new Map())
  const [{ data }, ask] = useQuery({
    query: Marks,
    variables: { id: conversationId },
    requestPolicy: 'cache-and-network',
  })

  // Marks that moved meanwhile are not told of.
  useReturn(useCallback(() => ask({ requestPolicy: 'network-only' }), [ask]))

  const setTyping = useCallback((id: string, name: string | null) => {
    setTypists((before) => {
      const next = new Map(before)
      if (name === null) next.delete(id)
      else next.set(id, name)
      return next
    })
  }, [])

  useEffect(() => {
    const timers = new Map<string, ReturnType<typeof setTimeout>>()
    const { unsubscribe } = client.subscription(Activity, { conversationId }).subscribe((result) => {
      const activity = result.data?.conversationActivity
      if (!activity || activity.user.id === viewerId) return
      const { id } = activity.user
      if (activity.__typename === 'Typing') {
        clearTimeout(timers.get(id))
        setTyping(id, activity.typing ? activity.user.displayName : null)
        if (activity.typing)
          timers.set(
            id,
            setTimeout(() => setTyping(id, null), TYPING_LASTS),
          )
        return
      }
      const { upToSeq } = activity
      const readSeq = activity.__typename === 'ReadMark' ? upToSeq : 0
      setLive((before) => new Map(before).set(id, larger(before.get(id), { readSeq, deliveredSeq: upToSeq })))
    })
    return () => {
      unsubscribe()
      for (const timer of timers.values()) clearTimeout(timer)
      setTypists(new Map())
      setLive(new Map())
    }
  }, [client, conversationId, viewerId, setTyping])

  return useMemo(() => {
    const node = data?.node
    const members = node && 'members' in node ? node.members : undefined
    const own = members?.edges.find((edge) => edge.node.user.id === viewerId)?.node.readSeq
    const marks = (members?.edges ?? [])
      .filter((edge) => edge.node.user.id !== viewerId)
      .map((edge) => larger(live.get(edge.node.user.id), edge.node))
    const isLarge = members?.pageInfo.hasNextPage ?? true
    return {
      typists: [...typists.values()],
      /** Up to where all others have read, and have got; of a large group nobody keeps that. */
      marks: isLarge || marks.length === 0 ? null : marks.reduce(smaller),
      readSeq: own ?? null,
      members: members?.edges.map((edge) => edge.node.user) ?? [],
    }
  }, [data, live, typists, viewerId])
}

function larger(a: Mark | undefined, b: Mark): Mark {
  return {
    readSeq: Math.max(a?.readSeq ?? 0, b.readSeq),
    deliveredSeq: Math.max(a?.deliveredSeq ?? 0, b.deliveredSeq, b.readSeq),
  }
}

function smaller(a: Mark, b: Mark): Mark {
  return { readSeq: Math.min(a.readSeq, b.readSeq), deliveredSeq: Math.min(a.deliveredSeq, b.deliveredSeq) }
}
