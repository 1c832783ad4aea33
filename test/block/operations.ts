import { graphql } from '../support/graphql.ts'

export const blockUser = graphql(`
  mutation BlockUser($user: UserRef!) { blockUser(input: { user: $user }) { user { username online } } }
`)

export const unblockUser = graphql(`
  mutation UnblockUser($user: UserRef!) { unblockUser(input: { user: $user }) { user { username } } }
`)

export const blockedUsers = graphql(`
  query BlockedUsers($first: Int, $after: String, $last: Int, $before: String) {
    blockedUsers(first: $first, after: $after, last: $last, before: $before) {
      edges { node { username } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`)
