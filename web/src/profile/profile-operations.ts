import '../client/fragments.ts'
import { graphql } from '../client/graphql.ts'
import '../session/session-operations.ts'

export const Viewer = graphql(`
  query Viewer { viewer { ...UserParts email } }
`)

export const UpdateProfile = graphql(`
  mutation UpdateProfile($input: UpdateProfileInput!) { updateProfile(input: $input) { user { ...UserParts email } } }
`)

export const ChangePassword = graphql(`
  mutation ChangePassword($input: ChangePasswordInput!) { changePassword(input: $input) { ...SessionParts } }
`)

export const DeleteAccount = graphql(`
  mutation DeleteAccount($input: DeleteAccountInput!) { deleteAccount(input: $input) { ok } }
`)
