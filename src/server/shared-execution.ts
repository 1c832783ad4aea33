import { type DocumentNode, execute, type GraphQLSchema, getOperationAST, getVariableValues } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Context, Services } from '../graphql/context.ts'
import { type Dependence, dependenceOf } from '../graphql/dependence.ts'
import { Audience } from '../realtime/audience.ts'
import { toAscii } from './outbox.ts'

const MOST_AUDIENCES = 1_000 // remembered; whoever comes later begins another one
const LONGEST_QUESTION = 10_000 // characters of an operation and its variables, which are remembered with its audience

/** A subscription, parsed and validated. */
export interface SubscriptionArgs {
  document: DocumentNode
  /** What the document was parsed from. */
  query: string
  operationName: string | null | undefined
  variables: Record<string, unknown> | null | undefined
}

export interface SharedExecution {
  /** The audience of a subscription; null where its results depend on who asks. */
  audienceOf(args: SubscriptionArgs): Audience | null
}

export function createSharedExecution(schema: GraphQLSchema, services: Services): SharedExecution {
  const dependences = new WeakMap<DocumentNode, Dependence>()
  const audiences = new LRUCache<string, Audience>({ max: MOST_AUDIENCES })
  const contextValue = contextOfNobody(services)

  function audienceOf({ document, query, operationName, variables }: SubscriptionArgs): Audience | null {
    if (query.length + JSON.stringify(variables ?? {}).length > LONGEST_QUESTION) return null
    const dependence = dependences.get(document) ?? dependenceOf(schema, document)
    dependences.set(document, dependence)
    if (dependence.onViewer) return null
    // One who asks wrongly must not become the model for those who come after him.
    const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? []
    const { coerced } = getVariableValues(schema, definitions, variables ?? {})
    if (!coerced) return null

    const deciding = dependence.onVariables.filter((name) => name in coerced).map((name) => [name, coerced[name]])
    const key = JSON.stringify([query, operationName, deciding])
    const known = audiences.get(key)
    if (known) return known
    const args = { schema, document, operationName, variableValues: variables, contextValue }
    const audience = new Audience((event) => payloadFor(args, event))
    audiences.set(key, audience)
    return audience
  }

  return { audienceOf }
}

/** @returns with the brace at the end of the message that it goes into; null where each must execute it by himself */
async function payloadFor(args: Omit<Parameters<typeof execute>[0], 'rootValue'>, event: unknown) {
  try {
    const result = await execute({ ...args, rootValue: event })
    // Errors are masked, logged and end streams on each one's own way.
    return result.errors ? null : toAscii(`${JSON.stringify(result)}}`)
  } catch {
    return null
  }
}

/** A field that asks for the viewer, and isn't marked, fails here, and is executed for each by himself. */
function contextOfNobody(services: Services): Context {
  return {
    ...services,
    userAgent: null,
    network: '',
    get viewer(): never {
      throw new Error('This field depends on the viewer: mark it as `viewerDependent`.')
    },
  }
}
