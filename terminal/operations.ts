import type { PlacedMessageFragment, ShownMessageFragment } from './generated/graphql.ts'
import { graphql } from './graphql.ts'

/** What is shown of a message. Nothing in it depends on who asks: all who listen share one execution on the server. */
export type ShownMessage = ShownMessageFragment
/** A message, and where it stands. */
export type PlacedMessage = PlacedMessageFragment

graphql(`
  fragment ShownMessage on Message {
    id seq kind content mediaUrl createdAt editedAt deletedAt
    sender { id username displayName }
    replyTo { seq content sender { displayName } }
    reactions { emoji count }
  }
`)

graphql(`
  fragment PlacedMessage on Message {
    ...ShownMessage
    conversation { __typename id ... on Group { name } }
  }
`)

export const login = graphql(`
  mutation TerminalLogin($login: String!, $password: String!) {
    login(input: { login: $login, password: $password }) {
      user { id username } accessToken refreshToken
    }
  }
`)

export const register = graphql(`
  mutation TerminalRegister($username: String!, $password: String!) {
    register(input: { username: $username, password: $password }) {
      user { id username } accessToken refreshToken
    }
  }
`)

export const refreshSession = graphql(`
  mutation TerminalRefresh($refreshToken: String!) {
    refreshSession(input: { refreshToken: $refreshToken }) {
      user { id username } accessToken refreshToken
    }
  }
`)

export const logout = graphql(`mutation TerminalLogout { logout { ok } }`)

export const listConversations = graphql(`
  query TerminalConversations {
    conversations(first: 50) {
      cursor
      edges {
        node {
          id unreadCount
          lastMessage { seq kind content createdAt sender { displayName } }
          ... on Group { __typename name }
          ... on DirectConversation { __typename peer { id username displayName } }
        }
      }
    }
  }
`)

export const findLogHead = graphql(`query TerminalLogHead { conversations(first: 1) { cursor } }`)

export const findUser = graphql(`
  query TerminalUser($username: String!) { user(by: { username: $username }) { id username displayName } }
`)

export const findDirect = graphql(`
  query TerminalDirect($peerId: ID!) { directConversation(with: { id: $peerId }) { id } }
`)

export const findGroups = graphql(`
  query TerminalGroups($search: String!) {
    groups(search: $search, discover: true, first: 200) { edges { node { id name viewerRole } } }
  }
`)

export const loadHistory = graphql(`
  query TerminalHistory($id: ID!, $last: Int!, $before: String) {
    node(id: $id) {
      ... on Conversation {
        unreadCount
        messages(last: $last, before: $before) {
          edges { node { ...ShownMessage } }
          pageInfo { startCursor hasPreviousPage }
        }
      }
    }
  }
`)

export const listMembers = graphql(`
  query TerminalMembers($id: ID!) {
    node(id: $id) {
      ... on Conversation {
        members(first: 200) {
          edges { node { role user { username displayName online lastSeenAt } } }
          pageInfo { hasNextPage }
        }
      }
    }
  }
`)

export const sendDirect = graphql(`
  mutation TerminalSendDirect($input: SendDirectMessageInput!) {
    sendDirectMessage(input: $input) { message { ...PlacedMessage } }
  }
`)

export const sendGroup = graphql(`
  mutation TerminalSendGroup($input: SendGroupMessageInput!) {
    sendGroupMessage(input: $input) { message { ...PlacedMessage } }
  }
`)

export const editMessage = graphql(`
  mutation TerminalEdit($messageId: ID!, $content: String!) {
    editMessage(input: { messageId: $messageId, content: $content }) { cursor }
  }
`)

export const deleteMessage = graphql(`
  mutation TerminalDelete($messageId: ID!) { deleteMessage(input: { messageId: $messageId }) { cursor } }
`)

export const addReaction = graphql(`
  mutation TerminalReact($messageId: ID!, $emoji: String!) {
    addReaction(input: { messageId: $messageId, emoji: $emoji }) { cursor }
  }
`)

export const removeReaction = graphql(`
  mutation TerminalUnreact($messageId: ID!, $emoji: String!) {
    removeReaction(input: { messageId: $messageId, emoji: $emoji }) { cursor }
  }
`)

export const markRead = graphql(`
  mutation TerminalRead($conversationId: ID!, $upToSeq: Int!) {
    markRead(input: { conversationId: $conversationId, upToSeq: $upToSeq }) { conversation { id } }
  }
`)

export const inbox = graphql(`
  subscription TerminalInbox($after: Cursor) {
    inbox(after: $after) { type cursor message { ...PlacedMessage } }
  }
`)
