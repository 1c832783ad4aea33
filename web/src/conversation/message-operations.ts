import '../client/fragments.ts'
import { graphql } from '../client/graphql.ts'

export const HistoryPage = graphql(`
  query HistoryPage($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $around: Int) {
    node(id: $id) {
      id
      ... on Conversation {
        id
        messages(first: $first, after: $after, last: $last, before: $before, around: $around) {
          edges { node { ...MessageParts } }
          pageInfo { hasPreviousPage hasNextPage startCursor endCursor }
        }
      }
    }
  }
`)

export const Marks = graphql(`
  query Marks($id: ID!) {
    node(id: $id) {
      id
      ... on Conversation {
        id
        members(first: 100) {
          edges { node { readSeq deliveredSeq user { id displayName username } } }
          pageInfo { hasNextPage }
        }
      }
    }
  }
`)

export const MembersCalled = graphql(`
  query MembersCalled($id: ID!, $search: String!) {
    node(id: $id) {
      id
      ... on Conversation {
        id
        members(search: $search, first: 9) { edges { node { user { ...UserParts } } } }
      }
    }
  }
`)

export const Activity = graphql(`
  subscription Activity($conversationId: ID!) {
    conversationActivity(conversationId: $conversationId) {
      __typename
      ... on Typing { typing user { id displayName } }
      ... on ReadMark { upToSeq user { id } }
      ... on DeliveredMark { upToSeq user { id } }
    }
  }
`)

export const SendToGroup = graphql(`
  mutation SendToGroup($input: SendGroupMessageInput!) {
    sendGroupMessage(input: $input) { message { ...MessageParts } }
  }
`)

export const SendToUser = graphql(`
  mutation SendToUser($input: SendDirectMessageInput!) {
    sendDirectMessage(input: $input) { message { ...MessageParts } }
  }
`)

export const EditMessage = graphql(`
  mutation EditMessage($input: EditMessageInput!) {
    editMessage(input: $input) { message { id content editedAt mentions { id username } } }
  }
`)

export const DeleteMessage = graphql(`
  mutation DeleteMessage($input: DeleteMessageInput!) {
    deleteMessage(input: $input) { message { ...MessageParts } }
  }
`)

export const React = graphql(`
  mutation React($input: ReactionInput!) {
    addReaction(input: $input) { message { ...ReactionParts } }
  }
`)

export const Unreact = graphql(`
  mutation Unreact($input: ReactionInput!) {
    removeReaction(input: $input) { message { ...ReactionParts } }
  }
`)

export const MarkRead = graphql(`
  mutation MarkRead($input: MarkReadInput!) {
    markRead(input: $input) { conversation { id unreadCount mentionCount } }
  }
`)

export const SetTyping = graphql(`
  mutation SetTyping($input: SetTypingInput!) { setTyping(input: $input) { ok } }
`)

export const Mute = graphql(`
  mutation Mute($input: MuteConversationInput!) {
    muteConversation(input: $input) { conversation { id muted } }
  }
`)

export const Unmute = graphql(`
  mutation Unmute($input: UnmuteConversationInput!) {
    unmuteConversation(input: $input) { conversation { id muted } }
  }
`)
