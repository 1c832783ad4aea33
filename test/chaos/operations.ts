import { graphql } from '../support/graphql.ts'

// Lean, so that a load asks the server for little but messages.

export const say = graphql(`
  mutation SayUnderLoad($input: SendGroupMessageInput!) {
    sendGroupMessage(input: $input) { message { id seq kind content deletedAt } }
  }
`)

export const edit = graphql(`
  mutation EditUnderLoad($messageId: ID!, $content: String!) {
    editMessage(input: { messageId: $messageId, content: $content }) { message { id seq kind content deletedAt } }
  }
`)

export const remove = graphql(`
  mutation RemoveUnderLoad($messageId: ID!) {
    deleteMessage(input: { messageId: $messageId }) { message { id seq kind content deletedAt } }
  }
`)

export const listen = graphql(`
  subscription ListenUnderLoad($groupId: ID!, $after: Cursor) {
    groupMessages(groupId: $groupId, after: $after) { type cursor message { id seq kind content deletedAt } }
  }
`)

export const history = graphql(`
  query HistoryUnderLoad($id: ID!, $after: String) {
    group(id: $id) {
      messages(first: 200, after: $after) {
        edges { node { id seq kind content deletedAt } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`)
