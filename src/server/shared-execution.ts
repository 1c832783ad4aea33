import { type DocumentNode, execute, type GraphQLSchema } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Context, Services } from '../graphql/context.ts'
import { type Dependence, dependenceOf } from '../graphql/dependence.ts'
import { Audience } from '../realtime/audience.ts'
import type { Delivery } from '../realtime/delivery.ts'
import { toAscii } from './outbox.ts'

const MOST_AUDIENCES = 1_000 // remembered; whoever comes later begins another one

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
    const dependence = dependences.get(document) ?? dependenceOf(schema, document)
    dependences.set(document, dependence)
    if (dependence.onViewer) return null

    const deciding = dependence.onVariables.map((name) => [name, variables?.[name]])
    const key = JSON.stringify([query, operationName, deciding])
    const known = audiences.get(key)
    if (known) return known
    const args = { schema, document, operationName, variableValues: variables, contextValue }
    const audience = new Audience(async (delivery) => {
      const result = await executeFor(args, delivery)
      // Errors are masked, logged and end streams on each one's own way.
      // With the brace at the end of the message that it goes into.
      return !result || result.errors ? null : toAscii(`${JSON.stringify(result)}}`)
    })
    audiences.set(key, audience)
    return audience
  }

  return { audienceOf }
}

async function executeFor(args: Omit<Parameters<typeof execute>[0], 'rootValue'>, delivery: Delivery) {
  try {
    return await execute({ ...args, rootValue: delivery })
  } catch {
    return null
  }
}

/** A field that asks for the viewer, and isn't marked, fails here, and is executed for each by himself. */
function contextOfNobody(services: Services): Context {
  return {
    ...services,
    userAgent: null,
    get viewer(): never {
      throw new Error('This field depends on the viewer: mark it as `viewerDependent`.')
    },
  }
}
