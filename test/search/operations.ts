import { graphql } from '../support/graphql.ts'

export const searchMessages = graphql(`
  query SearchMessages($query: String!, $conversationId: ID, $first: Int, $after: String) {
    searchMessages(query: $query, conversationId: $conversationId, first: $first, after: $after) {
      edges { cursor snippet node { ...MessageFields } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`)
