import type { ConversationPartsFragment, MessagePartsFragment, UserPartsFragment } from '../generated/graphql.ts'
import { graphql } from './graphql.ts'

export type User = UserPartsFragment
export type Message = MessagePartsFragment
export type Conversation = ConversationPartsFragment

export const UserParts = graphql(`
  fragment UserParts on User { id username displayName avatarUrl }
`)

/** What a list needs to show a message in a line. */
export const MessageSummary = graphql(`
  fragment MessageSummary on Message {
    id
    seq
    kind
    content
    createdAt
    deletedAt
    sender { ...UserParts }
    conversation { id }
  }
`)

/** All of a message; nothing in it depends on who asks, so that its events are executed once for all listeners. */
export const MessageParts = graphql(`
  fragment MessageParts on Message {
    ...MessageSummary
    mediaUrl
    editedAt
    mentions { id username }
    replyTo { id seq kind content deletedAt sender { id displayName } }
    reactions { emoji count users(first: 50) { id displayName } }
  }
`)

export const ConversationParts = graphql(`
  fragment ConversationParts on Conversation {
    id
    unreadCount
    mentionCount
    muted
    lastMessage { ...MessageSummary }
    ... on Group { name avatarUrl memberCount viewerRole }
    ... on DirectConversation { peer { ...UserParts online lastSeenAt } }
  }
`)
