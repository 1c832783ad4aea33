import { graphql } from '../support/graphql.ts'

export const register = graphql(`
  mutation Register($input: RegisterInput!) {
    register(input: $input) {
      user { id username displayName email avatarUrl createdAt }
      accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt
    }
  }
`)

export const login = graphql(`
  mutation Login($login: String!, $password: String!) {
    login(input: { login: $login, password: $password }) {
      user { id username email }
      accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt
    }
  }
`)

export const refreshSession = graphql(`
  mutation RefreshSession($refreshToken: String!) {
    refreshSession(input: { refreshToken: $refreshToken }) {
      user { id email }
      accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt
    }
  }
`)

export const changePassword = graphql(`
  mutation ChangePassword($currentPassword: String!, $newPassword: String!) {
    changePassword(input: { currentPassword: $currentPassword, newPassword: $newPassword }) {
      user { id email }
      accessToken
      refreshToken
    }
  }
`)

export const logout = graphql(`mutation Logout { logout { ok } }`)

export const logoutEverywhere = graphql(`mutation LogoutEverywhere { logoutEverywhere { ok } }`)

export const endSession = graphql(`
  mutation EndOneSession($sessionId: ID!) { endSession(input: { sessionId: $sessionId }) { endedSessionId } }
`)

export const viewer = graphql(`query Viewer { viewer { id username email } }`)

export const sessions = graphql(`query Sessions { sessions { id current createdAt lastUsedAt userAgent } }`)

export const sessionNode = graphql(`
  query SessionNode($id: ID!) { node(id: $id) { __typename id } }
`)
