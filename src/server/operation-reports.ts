import { type DocumentNode, getOperationAST, type OperationDefinitionNode, type SelectionSetNode } from 'graphql'
import type { Logger } from 'pino'
import type { Viewer } from '../auth/viewer.ts'
import { currentScope, runInScope } from '../request-scope.ts'
import type { ServerObserver, Transport } from './observer.ts'

const LONGEST_NAME = 64 // characters of an operation's name in the log
/** Codes of errors that are a limit's, whether or not they name it. */
const REFUSALS = new Set(['RATE_LIMITED', 'REQUEST_ENTITY_TOO_LARGE', 'REQUEST_TIMEOUT'])

/** What was asked for. */
export interface Asked {
  transport: Transport
  /** When it arrived, by `performance.now()`. */
  since: number
  /** Left out where it isn't known, since the request was refused before. */
  operation?: OperationDefinitionNode | null | undefined
  /** What the operation's fragments are found in. */
  document?: DocumentNode | undefined
  viewer: Viewer | null
}

/** Counts operations and what is refused, and writes a line for each operation to the log at level debug. */
export interface OperationReports {
  /** @param errors as the client gets them */
  ended(asked: Asked, errors?: readonly unknown[]): void
  /** A subscription that has begun. @returns to be called when it has ended */
  subscribed(asked: Asked): () => void
  /** What a limit stands behind is counted; other errors aren't. */
  refused(error: unknown): void
}

export function createOperationReports(deps: { observer: ServerObserver; logger: Logger }): OperationReports {
  const { observer, logger } = deps

  function refused(error: unknown): void {
    const { code, limit } = extensionsOf(error)
    if (typeof limit === 'string') observer.refusal(limit)
    else if (REFUSALS.has(String(code))) observer.refusal(String(code))
  }

  function log(asked: Asked, event: string, more: object): void {
    if (!logger.isLevelEnabled('debug')) return
    const { transport, operation, viewer } = asked
    const name = operation?.name?.value.slice(0, LONGEST_NAME)
    const address = currentScope()?.address
    const type = operation?.operation ?? 'unknown'
    logger.debug({ transport, type, name, userId: viewer?.userId, address, ...more }, event)
  }

  function ended(asked: Asked, errors: readonly unknown[] = []): void {
    const { transport, since, operation } = asked
    const duration = performance.now() - since
    const codes = errors.map((error) => String(extensionsOf(error).code))
    for (const error of errors) refused(error)
    observer.operation({ transport, type: operation?.operation ?? 'unknown', duration, outcome: codes[0] ?? 'ok' })
    const event =
      operation?.operation === 'subscription' && codes.length === 0 ? 'Subscription begun' : 'Operation ended'
    log(asked, event, {
      duration: Math.round(duration * 10) / 10,
      outcome: codes.length > 0 ? [...new Set(codes)] : 'ok',
    })
  }

  return {
    ended,
    refused,
    subscribed(asked) {
      ended(asked)
      const scope = currentScope()
      const end = observer.subscription(rootField(asked), asked.transport)
      return () => {
        end()
        const logEnd = () => log(asked, 'Subscription ended', { duration: Math.round(performance.now() - asked.since) })
        if (scope) runInScope(scope, logEnd)
        else logEnd()
      }
    },
  }
}

/** The operation of a document that has been validated. */
export function operationOf(document: DocumentNode, name: string | null | undefined) {
  return { document, operation: getOperationAST(document, name) }
}

function extensionsOf(error: unknown): { code?: unknown; limit?: unknown } {
  return (Object(error) as { extensions?: object }).extensions ?? {}
}

/** The one field of a subscription. Validated, it is a field of the schema. */
function rootField({ operation, document }: Asked): string {
  const fieldOf = (selected: SelectionSetNode | undefined): string | undefined => {
    const [selection] = selected?.selections ?? []
    if (!selection) return undefined
    if (selection.kind === 'Field') return selection.name.value
    if (selection.kind === 'InlineFragment') return fieldOf(selection.selectionSet)
    const fragment = document?.definitions.find(
      (definition) => definition.kind === 'FragmentDefinition' && definition.name.value === selection.name.value,
    )
    return fragment?.kind === 'FragmentDefinition' ? fieldOf(fragment.selectionSet) : undefined
  }
  return fieldOf(operation?.selectionSet) ?? 'unknown'
}
