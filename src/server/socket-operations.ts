import { type ExecutionArgs, GraphQLError } from 'graphql'
import type { SubscribePayload } from 'graphql-ws'
import type { Context, Services } from '../graphql/context.ts'
import { withoutHttp } from '../graphql/error-codes.ts'
import { createCostLimit } from '../graphql/operation-limits.ts'
import type { PersistedOperations } from '../graphql/persisted-operations.ts'
import type { Limits } from '../limits.ts'
import type { Audience } from '../realtime/audience.ts'
import type { Share } from '../realtime/subscriber.ts'
import { countOperation } from './asker.ts'
import type { GraphQLServer } from './graphql-server.ts'
import { type Asked, operationOf } from './operation-reports.ts'
import { type Outbox, toAscii } from './outbox.ts'
import type { SharedExecution } from './shared-execution.ts'
import type { SocketExtra } from './socket-extra.ts'

/** How one operation is run. */
export interface OperationRoot {
  /** Lets the socket's later operations begin. */
  started: () => void
  /** Makes room for another one. */
  ended: () => void
  asked: Asked
}

/** Prepares the operations of all sockets: one that is refused here has not begun. */
export function createSocketOperations(deps: {
  enveloped: Pick<ReturnType<GraphQLServer['getEnveloped']>, 'schema' | 'parse' | 'validate'>
  services: Services
  /** Null where each subscription is executed by itself. */
  shared: SharedExecution | null
  /** Null where any operation may run. */
  persisted: PersistedOperations | null
  /** Whether errors tell clients what they may have meant. */
  introspection: boolean
  limits: Limits
}) {
  const { enveloped, services, shared, persisted, introspection, limits } = deps
  const { schema, parse, validate } = enveloped
  // What is thrown as it is executed would close the socket, and a subscription isn't executed by Yoga.
  const refuseCostly = createCostLimit(limits)

  /** Parses and validates an operation, and gives it its context. */
  async function prepare(
    extra: SocketExtra,
    id: string,
    payload: SubscribePayload,
    asked: Asked,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const { promise, resolve: started } = Promise.withResolvers<void>()
    let ended = () => {}
    try {
      countOperation(services, { viewer: extra.live?.viewer ?? null, network: extra.network })
      const { operationName, variables } = payload
      const query = persisted ? persisted.textOf(payload) : payload.query
      const document = parse(query)
      const errors = validate(schema, document)
      if (errors.length > 0) return errors.map(withoutHttp)
      Object.assign(asked, operationOf(document, operationName))
      const operation = asked.operation?.operation
      if (!operation) return [unknownOperation(operationName)]
      refuseCostly({ document, operationName, variableValues: variables })
      ended = extra.slots.take(operation === 'subscription' ? 'subscription' : 'operation')
      extra.busy.add(id)
      const contextValue: Context = Object.assign(
        Object.create(services),
        { viewer: null, userAgent: null, network: extra.network, line: extra.outbox },
        extra.live,
      )
      const before = extra.starting
      if (operation === 'subscription') {
        extra.starting = Promise.all([before, promise]).then(() => {})
        const audience = shared?.audienceOf({ document, query, operationName, variables })
        if (audience) contextValue.share = new SocketShare(audience, extra.outbox, id)
      }
      await before
      const rootValue: OperationRoot = { started, ended, asked }
      const args = { schema, document, operationName, variableValues: variables, contextValue, rootValue }
      return { ...args, hideSuggestions: !introspection }
    } catch (error) {
      started()
      ended()
      extra.busy.delete(id)
      if (error instanceof GraphQLError) return [withoutHttp(error)]
      throw error
    }
  }

  return { prepare }
}

class SocketShare implements Share {
  readonly audience: Audience
  readonly #outbox: Outbox
  readonly #head: string

  /** @param id what the client calls his subscription */
  constructor(audience: Audience, outbox: Outbox, id: string) {
    this.audience = audience
    this.#outbox = outbox
    this.#head = toAscii(`{"id":${JSON.stringify(id)},"type":"next","payload":`)
  }

  get isReading(): boolean {
    return this.#outbox.isFlowing
  }

  send(payload: string): void {
    this.#outbox.send(this.#head, payload)
  }
}

function unknownOperation(name: unknown) {
  const message = name ? `There is no operation named ${name}.` : 'Name one of the operations: operationName.'
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', field: 'operationName' } })
}
