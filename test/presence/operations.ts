import { graphql } from '../support/graphql.ts'

export const watchPresence = graphql(`
  subscription WatchPresence($userIds: [ID!]!) { presence(userIds: $userIds) { username online lastSeenAt } }
`)

export const presenceOf = graphql(`
  query PresenceOf($id: ID!) { user(by: { id: $id }) { online lastSeenAt } }
`)

export const listenToPresentSenders = graphql(`
  subscription ListenToPresentSenders($groupId: ID!) {
    groupMessages(groupId: $groupId) { message { content sender { online } } }
  }
`)
