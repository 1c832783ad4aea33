import type {
  ConversationPartsFragment,
  LiveMessagePartsFragment,
  MessagePartsFragment,
  UserPartsFragment,
} from '../generated/graphql.ts'
import { graphql } from './graphql.ts'

export type User = UserPartsFragment
export type Message = MessagePartsFragment
export type LiveMessage = LiveMessagePartsFragment
export type Conversation = ConversationPartsFragment

export const UserParts = graphql(`
  fragment UserParts on User { __typename id username displayName avatarUrl }
`)

/** What a list needs to show a message in a line. */
export const MessageSummary = graphql(`
  fragment MessageSummary on Message {
    __typename
    id
    seq
    kind
    content
    createdAt
    deletedAt
    sender { ...UserParts }
    conversation { __typename id }
  }
`)

/** What a message says. */
export const MessageContent = graphql(`
  fragment MessageContent on Message {
    ...MessageSummary
    mediaUrl
    editedAt
    mentions { id username }
    replyTo { id seq kind content deletedAt sender { id displayName } }
  }
`)

/** A message as events tell of it: nothing in it depends on who asks, so that they are executed once for all listeners. */
export const LiveMessageParts = graphql(`
  fragment LiveMessageParts on Message {
    ...MessageContent
    reactions { __typename emoji count users(first: 50) { __typename id displayName } }
  }
`)

/** What people have said to a message with emoji, and whether the viewer is one of them. */
export const ReactionParts = graphql(`
  fragment ReactionParts on Message {
    __typename
    id
    reactions { __typename emoji count viewerHasReacted users(first: 50) { __typename id displayName } }
  }
`)

/** All of a message. What has a cost, as those who reacted, is in it once. */
export const MessageParts = graphql(`
  fragment MessageParts on Message { ...MessageContent ...ReactionParts }
`)

export const ConversationParts = graphql(`
  fragment ConversationParts on Conversation {
    __typename
    id
    unreadCount
    mentionCount
    muted
    lastMessage { ...MessageSummary }
    ... on Group { name avatarUrl memberCount viewerRole }
    ... on DirectConversation { peer { ...UserParts online lastSeenAt } }
  }
`)

/** Whether it is a group that the viewer isn't in, or no longer. */
export function isOutsider(node: unknown): boolean {
  return typeof node === 'object' && node !== null && 'viewerRole' in node && node.viewerRole === null
}
