import '../client/fragments.ts'
import { graphql } from '../client/graphql.ts'

export const Conversations = graphql(`
  query Conversations($first: Int!, $after: String) {
    conversations(first: $first, after: $after) {
      cursor
      edges { node { ...ConversationParts } }
      pageInfo { hasNextPage endCursor }
    }
  }
`)

export const OpenConversation = graphql(`
  query OpenConversation($id: ID!) { node(id: $id) { id ...ConversationParts } }
`)

/** How some conversations stand now; nothing of those that the viewer is no longer in. */
export const Standing = graphql(`
  query Standing($ids: [ID!]!) { nodes(ids: $ids) { id ...ConversationParts } }
`)

/** Answered to who is not in a group as well, whether or not he may know of it. */
export const Membership = graphql(`
  query Membership($id: ID!) { node(id: $id) { __typename id ... on Group { viewerRole } } }
`)

export const OpenDirect = graphql(`
  query OpenDirect($userId: ID!) {
    directConversation(with: { id: $userId }) { ...ConversationParts }
    user(by: { id: $userId }) { ...UserParts online lastSeenAt }
  }
`)

export const Inbox = graphql(`
  subscription Inbox($after: Cursor) {
    inbox(after: $after) { type cursor message { ...LiveMessageParts } }
  }
`)

export const Presence = graphql(`
  subscription Presence($userIds: [ID!]!) { presence(userIds: $userIds) { id online lastSeenAt } }
`)
