import { graphql } from '../support/graphql.ts'
import type { TestUser } from '../support/testkit.ts'

export const reactionFields = graphql(`
  fragment ReactionFields on Message {
    id seq content editedAt
    reactions { emoji count viewerHasReacted users { username } }
  }
`)

export const addReaction = graphql(`
  mutation AddReaction($messageId: ID!, $emoji: String!) {
    addReaction(input: { messageId: $messageId, emoji: $emoji }) { cursor message { ...ReactionFields } }
  }
`)

export const removeReaction = graphql(`
  mutation RemoveReaction($messageId: ID!, $emoji: String!) {
    removeReaction(input: { messageId: $messageId, emoji: $emoji }) { cursor message { ...ReactionFields } }
  }
`)

const reactionsOf = graphql(`
  query ReactionsOf($messageId: ID!) { node(id: $messageId) { ...ReactionFields } }
`)

export const firstReactors = graphql(`
  query FirstReactors($messageId: ID!, $first: Int) {
    node(id: $messageId) { ... on Message { reactions { emoji count users(first: $first) { username } } } }
  }
`)

export const reactionsInGroup = graphql(`
  query ReactionsInGroup($groupId: ID!, $last: Int) {
    group(id: $groupId) { cursor messages(last: $last) { edges { node { ...ReactionFields } } } }
  }
`)

export const listenToReactions = graphql(`
  subscription ListenToReactions($groupId: ID!, $after: Cursor) {
    groupMessages(groupId: $groupId, after: $after) { type cursor message { ...ReactionFields } }
  }
`)

/** What somebody sees of a message’s reactions, as “<emoji> <who> <who>”. */
export async function seen(viewer: TestUser, messageId: string): Promise<string[]> {
  const { node } = await viewer.request(reactionsOf, { messageId })
  if (!node || !('reactions' in node)) throw new Error('There is no such message')
  return node.reactions.map(({ emoji, users }) => [emoji, ...users.map(({ username }) => username)].join(' '))
}
