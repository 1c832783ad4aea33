import '../client/fragments.ts'
import { graphql } from '../client/graphql.ts'

export const People = graphql(`
  query People($search: String!) { users(search: $search, first: 20) { edges { node { ...UserParts } } } }
`)
