import { graphql } from '../support/graphql.ts'

export const mentionFields = graphql(`
  fragment MentionFields on Message { id seq content mentions { id username } }
`)

export const mentionInGroup = graphql(`
  mutation MentionInGroup($groupId: ID!, $content: String!, $clientId: String) {
    sendGroupMessage(input: { groupId: $groupId, content: $content, clientId: $clientId }) {
      cursor message { ...MentionFields }
    }
  }
`)

export const mentionInDirect = graphql(`
  mutation MentionInDirect($to: String!, $content: String!) {
    sendDirectMessage(input: { to: { username: $to }, content: $content }) {
      message { ...MentionFields conversation { id mentionCount } }
    }
  }
`)

export const editMentions = graphql(`
  mutation EditMentions($messageId: ID!, $content: String!) {
    editMessage(input: { messageId: $messageId, content: $content }) { message { ...MentionFields } }
  }
`)

export const groupMentions = graphql(`
  query GroupMentions($id: ID!) {
    group(id: $id) { unreadCount mentionCount messages(last: 200) { edges { node { ...MentionFields } } } }
  }
`)

export const listMentionCounts = graphql(`
  query ListMentionCounts {
    conversations(first: 50) { edges { node { id unreadCount mentionCount } } }
  }
`)

export const listenToMentions = graphql(`
  subscription ListenToMentions($groupId: ID!, $after: Cursor) {
    groupMessages(groupId: $groupId, after: $after) {
      type cursor message { ...MentionFields conversation { mentionCount } }
    }
  }
`)
