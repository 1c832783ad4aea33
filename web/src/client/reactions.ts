import type { Cache } from '@urql/exchange-graphcache'
import { type LiveMessage, type Message, ReactionParts } from './fragments.ts'
import { graphql } from './graphql.ts'

type Reaction = Message['reactions'][number]
type LiveReaction = LiveMessage['reactions'][number]

const OwnReactions = graphql(`
  fragment OwnReactions on Message { id reactions { __typename emoji viewerHasReacted } }
`)

/**
 * Adds to a live event which of its reactions are the viewer's own, as the server doesn't tell that in them. To be called
 * before the event is written: the cache knows reactions by their place in the list, which may change with it.
 */
export function keepOwnReactions(cache: Cache, { id, reactions }: LiveMessage, viewerId: string): void {
  const known = reactionsOf(cache, id)
  const own = reactions.map((reaction) => {
    const before = known.find(({ emoji }) => emoji === reaction.emoji)
    return {
      __typename: 'Reaction' as const,
      emoji: reaction.emoji,
      viewerHasReacted: isOwn(reaction, before, viewerId),
    }
  })
  cache.writeFragment(OwnReactions, { __typename: 'Message', id, reactions: own } as never)
}

/** Who reacted first is listed first: of a list with its end cut off, nobody goes but who takes his back. */
function isOwn({ count, users }: LiveReaction, before: Reaction | undefined, viewerId: string): boolean {
  const isListed = isAmong(users, viewerId)
  if (isListed || users.length >= count || !before) return isListed
  return before.viewerHasReacted && !isAmong(before.users, viewerId)
}

/** What a message's reactions come to once the viewer has left an emoji or taken it back. */
export function toggleReaction(
  cache: Cache,
  { messageId, emoji }: { messageId: string; emoji: string },
  viewer: { id: string; displayName: string },
  isAdded: boolean,
): Reaction[] {
  const reactions = reactionsOf(cache, messageId)
  const user = { __typename: 'User' as const, id: viewer.id, displayName: viewer.displayName }
  if (isAdded && !reactions.some((reaction) => reaction.emoji === emoji)) {
    return [...reactions, { __typename: 'Reaction', emoji, count: 1, viewerHasReacted: true, users: [user] }]
  }
  return reactions
    .map((reaction) => {
      if (reaction.emoji !== emoji) return reaction
      const others = reaction.users.filter(({ id }) => id !== viewer.id)
      const count = reaction.count - Number(reaction.viewerHasReacted) + Number(isAdded)
      return { ...reaction, count, viewerHasReacted: isAdded, users: isAdded ? [...others, user] : others }
    })
    .filter(({ count }) => count > 0)
}

function reactionsOf(cache: Cache, id: string): readonly Reaction[] {
  return cache.readFragment(ReactionParts, { __typename: 'Message', id } as never)?.reactions ?? []
}

function isAmong(users: LiveReaction['users'], id: string): boolean {
  return users.some((user) => user.id === id)
}
