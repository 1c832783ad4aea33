import { type GraphQLFieldResolver, isObjectType } from 'graphql'
import { onTestFinished } from 'vitest'
import { apiRefusals } from '../../scripts/api-page.ts'
import { ChatError } from '../../src/errors.ts'
import { schema } from '../../src/graphql/schema.ts'

/** What docs/API.md tells of each operation's errors. */
const told = Map.groupBy(await apiRefusals(), ({ field }) => field)

/** What it says of any operation. */
const GENERAL = ['UNAUTHENTICATED', 'BAD_USER_INPUT', 'RATE_LIMITED']

const untold = new Set<string>()

for (const root of Object.values(schema.getTypeMap()).filter(isObjectType)) {
  if (![schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].includes(root)) continue
  for (const field of Object.values(root.getFields())) {
    if (field.resolve) field.resolve = noting(field.name, field.resolve)
    if (field.subscribe) field.subscribe = noting(field.name, field.subscribe)
  }
}

function noting<Source, Context>(
  operation: string,
  resolve: GraphQLFieldResolver<Source, Context>,
): GraphQLFieldResolver<Source, Context> {
  const codes = [...GENERAL, ...(told.get(operation) ?? []).map(({ refusal }) => refusal)]
  const note = (error: unknown) => {
    if (error instanceof ChatError && !codes.includes(error.code)) untold.add(`${operation}: ${error.code}`)
  }
  return (...given) => {
    try {
      const result = resolve(...given)
      if (result instanceof Promise) result.catch(note)
      return result
    } catch (error) {
      note(error)
      throw error
    }
  }
}

/** When the running test ends, it fails where a server in this process answered with an error that docs/API.md doesn't tell of. */
export function requireToldErrors(): void {
  onTestFinished(() => {
    const missing = [...untold]
    untold.clear()
    if (missing.length > 0) throw new Error(`docs/api/refusals.graphql lacks ${missing.join(', ')}`)
  })
}
