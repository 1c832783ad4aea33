import { type DocumentNode, GraphQLError, type ParseOptions, parse, type Source, type validate } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { type ChatError, refusedOperation } from '../errors.ts'
import type { Limits } from '../limits.ts'
import { createCostMeter } from './operation-cost.ts'
import { sizeOf } from './operation-size.ts'
import { schema } from './schema.ts'

export type OperationLimits = Pick<
  Limits,
  'tokens' | 'definitions' | 'depth' | 'aliases' | 'directives' | 'selections' | 'cost'
>

const MOST_FAULTS = 10 // of one operation that its client is told of: each takes time to find, and memory to keep

const ADVICE: Record<keyof OperationLimits, string> = {
  tokens: 'send less at once, and values in variables',
  definitions: 'send only the operation and the fragments that it uses',
  depth: 'ask for what lies deeper in an operation of its own',
  aliases: 'ask for the rest in another operation',
  directives: 'leave some out',
  selections: 'ask for less at once',
  cost: 'ask for smaller pages, or for the rest in another operation',
}

/**
 * Refuses what would take too much before it is executed, and most of it before it is validated: GraphQL's own rules
 * compare each field with every other. Among plugins, those of GraphQL Armor would do most of this too, but count no
 * aliases of `__typename`, know no variables, and walk each fragment as often as it is spread.
 */
export function useOperationLimits(limits: OperationLimits): Plugin {
  const parseWithin = (source: string | Source, options?: ParseOptions) => parseOperation(source, limits, options)
  const refuseCostly = createCostLimit(limits)
  return {
    onParse: ({ setParseFn }) => setParseFn(parseWithin),
    onValidate({ validateFn, setValidationFn }) {
      const validateBriefly: typeof validate = (schema, document, rules, options) =>
        validateFn(schema, document, rules, { ...options, maxErrors: MOST_FAULTS })
      setValidationFn(validateBriefly)
    },
    onExecute: ({ args }) => refuseCostly(args),
    onSubscribe: ({ args }) => refuseCostly(args),
  }
}

/**
 * What is said of an operation that would read too much.
 * @returns a function that throws OPERATION_TOO_COMPLEX on an operation that is valid; its variables are as they came
 */
export function createCostLimit({ cost }: Pick<OperationLimits, 'cost'>) {
  const costOf = createCostMeter(schema)
  return function refuseCostly(operation: {
    document: DocumentNode
    operationName?: string | null | undefined
    variableValues?: Readonly<Record<string, unknown>> | null | undefined
  }): void {
    const actual = costOf(operation.document, operation.operationName, operation.variableValues)
    if (actual > cost) throw tooComplex('cost', cost, actual)
  }
}

/** @throws GraphQLError on what is no document; ChatError OPERATION_TOO_COMPLEX on one that is beyond a limit */
function parseOperation(source: string | Source, limits: OperationLimits, options?: ParseOptions): DocumentNode {
  const document = parseTokens(source, limits, options)
  const size = { definitions: document.definitions.length, ...sizeOf(document) }
  for (const [limit, actual] of Object.entries(size) as [keyof typeof size, number][]) {
    if (actual > limits[limit]) throw tooComplex(limit, limits[limit], actual)
  }
  return document
}

function parseTokens(source: string | Source, limits: OperationLimits, options?: ParseOptions): DocumentNode {
  try {
    return parse(source, { ...options, maxTokens: limits.tokens })
  } catch (error) {
    // Brackets within brackets, some thousands of them.
    if (error instanceof RangeError) throw tooComplex('depth', limits.depth)
    if (error instanceof GraphQLError && /Document contains more tha[nt] \d+ tokens/.test(error.message)) {
      throw tooComplex('tokens', limits.tokens)
    }
    throw error
  }
}

/** @param counted left out where nobody has counted to the end */
function tooComplex(limit: keyof OperationLimits, max: number, counted?: number): ChatError {
  const actual = counted && Math.min(counted, Number.MAX_SAFE_INTEGER)
  const found = actual ? `, and this one has ${actual}` : ''
  const message = `An operation’s ${limit} may be ${max} at most${found}: ${ADVICE[limit]}.`
  return refusedOperation('OPERATION_TOO_COMPLEX', message, { limit, max, ...(actual && { actual }) })
}
