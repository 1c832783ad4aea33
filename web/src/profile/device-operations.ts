import { graphql } from '../client/graphql.ts'

export const Sessions = graphql(`
  query Sessions { sessions { id createdAt lastUsedAt userAgent current } }
`)

export const EndSession = graphql(`
  mutation EndSession($input: EndSessionInput!) { endSession(input: $input) { endedSessionId } }
`)

export const SignOutEverywhere = graphql(`
  mutation SignOutEverywhere { logoutEverywhere { ok } }
`)
