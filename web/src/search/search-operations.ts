import '../client/fragments.ts'
import { graphql } from '../client/graphql.ts'

export const SearchMessages = graphql(`
  query SearchMessages($query: String!) {
    searchMessages(query: $query, first: 30) { edges { snippet node { ...MessageSummary } } }
  }
`)

/** Users, and groups of the viewer, that the list may not have loaded. */
export const SearchNames = graphql(`
  query SearchNames($search: String!) {
    groups(search: $search, first: 10) { edges { node { __typename id name avatarUrl } } }
    users(search: $search, first: 10) { edges { node { ...UserParts } } }
  }
`)
