import { graphql } from './graphql.ts'

/** What the tests ask of a message: what changes with the log alone. */
export const messageFields = graphql(`
  fragment MessageFields on Message {
    id seq kind content mediaUrl createdAt editedAt deletedAt
    sender { username }
    replyTo { id content deletedAt }
    conversation { id }
  }
`)

export const sendDirect = graphql(`
  mutation SendDirect($input: SendDirectMessageInput!) {
    sendDirectMessage(input: $input) { cursor message { ...MessageFields } }
  }
`)

export const sendToGroup = graphql(`
  mutation SendToGroup($input: SendGroupMessageInput!) {
    sendGroupMessage(input: $input) { cursor message { ...MessageFields } }
  }
`)

export const editMessage = graphql(`
  mutation EditMessage($messageId: ID!, $content: String!) {
    editMessage(input: { messageId: $messageId, content: $content }) { cursor message { ...MessageFields } }
  }
`)

export const deleteMessage = graphql(`
  mutation DeleteMessage($messageId: ID!) {
    deleteMessage(input: { messageId: $messageId }) { cursor message { ...MessageFields } }
  }
`)

export const listenToDirect = graphql(`
  subscription ListenToDirect($with: String!, $after: Cursor) {
    directMessages(with: { username: $with }, after: $after) { type cursor message { ...MessageFields } }
  }
`)

export const listenToGroup = graphql(`
  subscription ListenToGroup($groupId: ID!, $after: Cursor) {
    groupMessages(groupId: $groupId, after: $after) { type cursor message { ...MessageFields } }
  }
`)

export const listenToInbox = graphql(`
  subscription ListenToInbox($after: Cursor) {
    inbox(after: $after) { type cursor message { ...MessageFields } }
  }
`)

export const directHistory = graphql(`
  query DirectHistory(
    $with: String!, $first: Int, $after: String, $last: Int, $before: String, $around: Int
  ) {
    directConversation(with: { username: $with }) {
      id cursor unreadCount
      lastMessage { ...MessageFields }
      messages(first: $first, after: $after, last: $last, before: $before, around: $around) {
        edges { cursor node { ...MessageFields } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
  }
`)

export const groupHistory = graphql(`
  query GroupHistory($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $around: Int) {
    group(id: $id) {
      id cursor
      messages(first: $first, after: $after, last: $last, before: $before, around: $around) {
        edges { cursor node { ...MessageFields } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
  }
`)

export const newGroup = graphql(`
  mutation NewGroup($name: String!, $memberIds: [ID!], $visibility: GroupVisibility) {
    createGroup(input: { name: $name, memberIds: $memberIds, visibility: $visibility }) { group { id cursor } }
  }
`)

export const removeFromGroup = graphql(`
  mutation RemoveFromGroup($groupId: ID!, $username: String!) {
    removeGroupMember(input: { groupId: $groupId, user: { username: $username } }) { group { id } }
  }
`)

export const addToGroup = graphql(`
  mutation AddToGroup($groupId: ID!, $username: String!) {
    addGroupMember(input: { groupId: $groupId, user: { username: $username } }) { group { id cursor } }
  }
`)
