import { graphql } from '../client/graphql.ts'

export const SessionParts = graphql(`
  fragment SessionParts on SessionPayload {
    accessToken
    refreshToken
    user { id username displayName avatarUrl }
  }
`)

export const SignIn = graphql(`
  mutation SignIn($input: LoginInput!) { login(input: $input) { ...SessionParts } }
`)

export const Register = graphql(`
  mutation Register($input: RegisterInput!) { register(input: $input) { ...SessionParts } }
`)

export const Refresh = graphql(`
  mutation Refresh($input: RefreshSessionInput!) { refreshSession(input: $input) { ...SessionParts } }
`)

export const SignOut = graphql(`
  mutation SignOut { logout { ok } }
`)
