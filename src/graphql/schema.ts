import '../auth/session-schema.ts'
import '../user/user-schema.ts'
import '../block/block-operations.ts'
import '../conversation/conversation-schema.ts'
import '../conversation/conversation-operations.ts'
import '../conversation/mute-operations.ts'
import '../group/group-schema.ts'
import '../group/group-operations.ts'
import '../group/member-operations.ts'
import '../group/ban-operations.ts'
import '../message/message-schema.ts'
import '../message/message-history.ts'
import '../message/message-subscriptions.ts'
import '../presence/presence-subscriptions.ts'
import '../activity/activity-operations.ts'
import '../activity/activity-subscriptions.ts'
import '../search/search-schema.ts'
import '../reaction/reaction-schema.ts'
import '../mention/mention-schema.ts'
import { type GraphQLSchema, isInterfaceType } from 'graphql'
import { encodeId, type NodeType } from '../ids.ts'
import { builder } from './builder.ts'
import { limitRates } from './rated-fields.ts'

/** The whole API. `npm run generate` prints it to schema.graphql. */
export const schema = builder.toSchema()
resolveIdsAtOnce(schema)
limitRates(schema)

/** Pothos resolves each id by a promise, and with them each list that ids are in: half of what a page took. */
function resolveIdsAtOnce(schema: GraphQLSchema): void {
  const node = schema.getType('Node')
  if (!isInterfaceType(node)) throw new Error('The schema has lost its Node')
  for (const type of schema.getPossibleTypes(node)) {
    const { id } = type.getFields()
    if (id) id.resolve = (row: { id: string }) => encodeId(type.name as NodeType, row.id)
  }
}
