import { graphql } from '../support/graphql.ts'

export const sendToJerry = graphql(`
  mutation TestSendToJerry($content: String!) {
    sendDirectMessage(input: { to: { username: "jerry" }, content: $content }) { message { id seq } cursor }
  }
`)

export const rename = graphql(`
  mutation TestRename($displayName: String!) {
    updateProfile(input: { displayName: $displayName }) { user { id } }
  }
`)
