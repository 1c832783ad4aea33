/** Types an operation: graphql(`query …`). Its name is unique over all tests; `npm run generate` makes it known. */
export { graphql } from '../generated/gql.ts'
export { TypedDocumentString } from '../generated/graphql.ts'
