import '../client/fragments.ts'
import { graphql } from '../client/graphql.ts'

export const SearchMessages = graphql(`
  query SearchMessages($query: String!) {
    searchMessages(query: $query, first: 30) { edges { snippet node { ...MessageSummary } } }
  }
`)
