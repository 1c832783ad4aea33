import { graphql } from '../support/graphql.ts'

export const listConversations = graphql(`
  query ListConversations($first: Int, $after: String, $last: Int, $before: String) {
    conversations(first: $first, after: $after, last: $last, before: $before) {
      cursor
      edges {
        cursor
        node {
          __typename id cursor unreadCount
          lastMessage { content sender { username } }
          ... on DirectConversation { peer { username displayName } }
          ... on Group { name owner { username } memberCount viewerRole }
        }
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`)

export const directWith = graphql(`
  query DirectWith($with: UserRef!) {
    directConversation(with: $with) {
      id unreadCount cursor
      peer { username }
      members { edges { node { user { username } role readSeq deliveredSeq } } }
    }
  }
`)

export const conversationNode = graphql(`
  query ConversationById($id: ID!) {
    node(id: $id) { __typename id ... on Conversation { unreadCount cursor } ... on DirectConversation { peer { username } } }
  }
`)

export const mayRead = graphql(`
  query MayRead($conversationId: ID!, $username: String!) {
    canAccess(conversationId: $conversationId, user: { username: $username })
  }
`)

export const markRead = graphql(`
  mutation MarkRead($conversationId: ID!, $upToSeq: Int!) {
    markRead(input: { conversationId: $conversationId, upToSeq: $upToSeq }) { conversation { __typename id unreadCount } }
  }
`)

/** What a message leads to, in answers and in live events alike. */
export const conversationOfMessage = graphql(`
  fragment ConversationOfMessage on Message {
    seq
    conversation {
      __typename id cursor unreadCount
      members { edges { node { user { username } } } }
      ... on DirectConversation { peer { username } }
      ... on Group { name owner { username } memberCount viewerRole }
    }
  }
`)

export const sendWithConversation = graphql(`
  mutation SendWithConversation($username: String!, $content: String!) {
    sendDirectMessage(input: { to: { username: $username }, content: $content }) {
      message { ...ConversationOfMessage }
    }
  }
`)

export const inboxWithConversations = graphql(`
  subscription InboxWithConversations { inbox { message { ...ConversationOfMessage } } }
`)

export const groupMarks = graphql(`
  query GroupMarks($id: ID!) {
    group(id: $id) {
      unreadCount
      members { edges { node { user { username } readSeq deliveredSeq } } }
    }
  }
`)
