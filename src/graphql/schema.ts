import '../auth/session-schema.ts'
import '../user/user-schema.ts'
import '../conversation/conversation-schema.ts'
import '../conversation/conversation-operations.ts'
import '../group/group-schema.ts'
import '../group/group-operations.ts'
import '../group/member-operations.ts'
import '../message/message-schema.ts'
import '../message/message-history.ts'
import '../message/message-subscriptions.ts'
import { builder } from './builder.ts'

/** The whole API. `npm run generate` prints it to schema.graphql. */
export const schema = builder.toSchema()
