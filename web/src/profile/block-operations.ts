import '../client/fragments.ts'
import { graphql } from '../client/graphql.ts'

export const BlockedUsers = graphql(`
  query BlockedUsers { blockedUsers(first: 100) { edges { node { ...UserParts } } } }
`)

export const BlockUser = graphql(`
  mutation BlockUser($input: BlockInput!) { blockUser(input: $input) { user { ...UserParts } } }
`)

export const UnblockUser = graphql(`
  mutation UnblockUser($input: BlockInput!) { unblockUser(input: $input) { user { ...UserParts } } }
`)
