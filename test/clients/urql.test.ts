import { getOperationAST, OperationTypeNode, parse } from 'graphql'
import { test } from 'vitest'
import { createUrqlClient } from '../../examples/urql.ts'
import type { ListenToGroupSubscription } from '../generated/graphql.ts'
import { listenToGroup } from '../support/messages.ts'
import { converse } from './conversation.ts'

test('urql converses', { timeout: 60_000 }, () =>
  converse((options) => {
    const client = createUrqlClient(options)
    let stop = () => {}
    return {
      async request<Data>(document: { toString(): string }, variables: Record<string, unknown>) {
        const operation = parse(document.toString())
        const isMutation = getOperationAST(operation)?.operation === OperationTypeNode.MUTATION
        const { data, error } = isMutation
          ? await client.mutation(operation, variables)
          : await client.query(operation, variables, { requestPolicy: 'network-only' })
        if (error) throw error
        return data as Data
      },
      follow(variables, sink) {
        const following = client
          .subscription<ListenToGroupSubscription>(parse(listenToGroup.toString()), variables)
          .subscribe(({ data, error }) => (data ? sink.push(data) : sink.fail(error ?? new Error('No data'))))
        stop = following.unsubscribe
      },
      close: () => stop(),
    }
  }),
)
