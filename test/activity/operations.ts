import type { ListenToActivitySubscription } from '../generated/graphql.ts'
import { graphql } from '../support/graphql.ts'
import type { Listener } from '../support/testkit.ts'

export const listenToActivity = graphql(`
  subscription ListenToActivity($conversationId: ID!) {
    conversationActivity(conversationId: $conversationId) {
      __typename
      ... on Typing { user { username } typing }
      ... on ReadMark { user { username } upToSeq }
      ... on DeliveredMark { user { username } upToSeq }
    }
  }
`)

export const setTyping = graphql(`
  mutation SetTyping($conversationId: ID!, $typing: Boolean!) {
    setTyping(input: { conversationId: $conversationId, typing: $typing }) { ok }
  }
`)

export const statusOf = graphql(`query StatusOf($id: ID!) { node(id: $id) { ... on Message { status } } }`)

/** “tom typing true”, “tom read 3”, “tom delivered 3”. */
export function told({ conversationActivity: activity }: ListenToActivitySubscription): string {
  const { username } = activity.user
  switch (activity.__typename) {
    case 'Typing':
      return `${username} typing ${activity.typing}`
    case 'ReadMark':
      return `${username} read ${activity.upToSeq}`
    case 'DeliveredMark':
      return `${username} delivered ${activity.upToSeq}`
  }
}

/** What he hears next. */
export async function hear(listener: Listener<ListenToActivitySubscription>): Promise<string> {
  return told(await listener.next())
}
