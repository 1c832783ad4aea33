import type { GraphQLField, GraphQLFieldResolver, GraphQLSchema } from 'graphql'
import type { RateName } from '../rate-limits.ts'
import type { Context } from './context.ts'

/** The `extensions` of a root field that has a rate of its own, or none: one that counts for itself, or costs little. */
export function rated(rate: RateName | null) {
  return { rate }
}

const BY_NETWORK: ReadonlySet<RateName> = new Set(['register', 'refresh'])

/** Counts each root field that is run, aliases too, on whichever transport: every mutation, every subscription's beginning. */
export function limitRates(schema: GraphQLSchema): void {
  for (const field of fieldsOf(schema.getQueryType())) limit(field, 'resolve', rateOf(field))
  for (const field of fieldsOf(schema.getMutationType())) limit(field, 'resolve', rateOf(field, 'mutation'))
  for (const field of fieldsOf(schema.getSubscriptionType())) limit(field, 'subscribe', rateOf(field, 'subscribe'))
}

type RootField = GraphQLField<unknown, Context>

function fieldsOf(type: ReturnType<GraphQLSchema['getQueryType']>): RootField[] {
  return Object.values(type?.getFields() ?? {})
}

function rateOf({ extensions }: RootField, usual: RateName | null = null): RateName | null {
  return 'rate' in extensions ? (extensions['rate'] as RateName | null) : usual
}

function limit(field: RootField, step: 'resolve' | 'subscribe', rate: RateName | null): void {
  const run = field[step]
  if (!rate || !run) return
  const limited: GraphQLFieldResolver<unknown, Context> = (root, args, context, info) => {
    const { rates, viewer, network } = context
    if (BY_NETWORK.has(rate)) rates.take(rate, network)
    // Nobody else gets anywhere with it.
    else if (viewer) rates.take(rate, viewer.userId)
    return run(root, args, context, info)
  }
  field[step] = limited
}
