// The operations that a chat client runs. Ours and graphql-ws' server get the same ones.

const EVENT = `{ type cursor message { id seq kind content createdAt sender { id username displayName } } }`

export const GROUP_MESSAGES = `subscription GroupMessages($groupId: ID!) { groupMessages(groupId: $groupId) ${EVENT} }`

export const INBOX = `subscription Inbox { inbox ${EVENT} }`

export const INBOX_AFTER = `subscription Inbox($after: Cursor!) { inbox(after: $after) ${EVENT} }`

export const SEND = `mutation Send($input: SendGroupMessageInput!) {
  sendGroupMessage(input: $input) { cursor message { id seq content } }
}`

export const HISTORY = `query History($groupId: ID!, $before: String) {
  group(id: $groupId) {
    messages(last: 50, before: $before) {
      edges { cursor node { id seq kind content createdAt sender { id username displayName } } }
      pageInfo { hasPreviousPage startCursor }
    }
  }
}`

export const CONVERSATIONS = `query Conversations {
  conversations(first: 50) {
    edges {
      node {
        id
        unreadCount
        ... on Group { name }
        lastMessage { id seq kind content createdAt sender { id username displayName } }
      }
    }
  }
}`

export const SEARCH = `query Search($query: String!, $conversationId: ID) {
  searchMessages(query: $query, conversationId: $conversationId, first: 50) {
    edges { cursor snippet node { id seq kind content createdAt sender { id username displayName } } }
    pageInfo { hasNextPage endCursor }
  }
}`

export const LOGIN = `mutation Login($input: LoginInput!) { login(input: $input) { accessToken } }`
