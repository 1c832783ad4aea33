import { graphql } from '../support/graphql.ts'

export const userById = graphql(`
  query UserById($id: ID!) { user(by: { id: $id }) { id username displayName email avatarUrl online lastSeenAt } }
`)

export const userByName = graphql(`
  query UserByName($username: String!) { user(by: { username: $username }) { id username email online lastSeenAt } }
`)

export const userNode = graphql(`
  query UserNode($id: ID!) { node(id: $id) { __typename id ... on User { username email } } }
`)

export const users = graphql(`
  query Users($search: String, $first: Int, $after: String, $last: Int, $before: String) {
    users(search: $search, first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { username email } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`)

export const updateProfile = graphql(`
  mutation UpdateProfile($input: UpdateProfileInput!) {
    updateProfile(input: $input) { user { id displayName avatarUrl email } }
  }
`)

export const deleteAccount = graphql(`
  mutation DeleteAccount($password: String!) { deleteAccount(input: { password: $password }) { ok } }
`)

export const conversationNode = graphql(`
  query ConversationNode($id: ID!) {
    node(id: $id) {
      ... on DirectConversation {
        peer { ...UserFields }
        messages { edges { node { content sender { ...UserFields } } } }
      }
    }
  }
`)

export const listenToSenders = graphql(`
  subscription ListenToSenders($groupId: ID!) {
    groupMessages(groupId: $groupId) { message { sender { ...UserFields createdAt online } } }
  }
`)

export const userFields = graphql(`
  fragment UserFields on User { id username displayName avatarUrl email lastSeenAt }
`)
