import { graphql } from '../support/graphql.ts'

export const banMember = graphql(`
  mutation BanMember($groupId: ID!, $user: UserRef!) {
    banGroupMember(input: { groupId: $groupId, user: $user }) { group { id memberCount } }
  }
`)

export const unbanMember = graphql(`
  mutation UnbanMember($groupId: ID!, $user: UserRef!) {
    unbanGroupMember(input: { groupId: $groupId, user: $user }) { group { id } }
  }
`)

export const bannedUsers = graphql(`
  query BannedUsers($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    group(id: $id) {
      bannedUsers(first: $first, after: $after, last: $last, before: $before) {
        edges { node { username } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
  }
`)
