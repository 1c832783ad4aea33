import type { Cache } from '@urql/exchange-graphcache'
import type { Message } from './fragments.ts'
import { graphql } from './graphql.ts'

type Reaction = Message['reactions'][number]

const MessageReactions = graphql(`
  fragment MessageReactions on Message {
    id
    reactions { __typename emoji count users(first: 50) { __typename id displayName } }
  }
`)

/** What a message's reactions come to once the viewer has left an emoji or taken it back. */
export function toggleReaction(
  cache: Cache,
  { messageId, emoji }: { messageId: string; emoji: string },
  viewer: { id: string; displayName: string },
  isAdded: boolean,
): Reaction[] {
  const message = cache.readFragment(MessageReactions, { __typename: 'Message', id: messageId } as never)
  const reactions = message?.reactions ?? []
  const others = (reaction: Reaction) => reaction.users.filter(({ id }) => id !== viewer.id)
  const user = { __typename: 'User' as const, id: viewer.id, displayName: viewer.displayName }
  if (isAdded && !reactions.some((reaction) => reaction.emoji === emoji)) {
    return [...reactions, { __typename: 'Reaction', emoji, count: 1, users: [user] }]
  }
  return reactions
    .map((reaction) => {
      if (reaction.emoji !== emoji) return reaction
      const rest = others(reaction)
      const before = reaction.count - (reaction.users.length - rest.length)
      return { ...reaction, count: before + Number(isAdded), users: isAdded ? [...rest, user] : rest }
    })
    .filter(({ count }) => count > 0)
}
