import { getOperationAST, OperationTypeNode, parse } from 'graphql'
import { test } from 'vitest'
import { createApolloClient } from '../../examples/apollo.ts'
import type { ListenToGroupSubscription } from '../generated/graphql.ts'
import { listenToGroup } from '../support/messages.ts'
import { converse } from './conversation.ts'

test('Apollo Client converses', { timeout: 60_000 }, () =>
  converse((options) => {
    const client = createApolloClient(options)
    return {
      async request<Data>(document: { toString(): string }, variables: Record<string, unknown>) {
        const operation = parse(document.toString())
        const isMutation = getOperationAST(operation)?.operation === OperationTypeNode.MUTATION
        const { data } = isMutation
          ? await client.mutate({ mutation: operation, variables })
          : await client.query({ query: operation, variables, fetchPolicy: 'network-only' })
        return data as Data
      },
      follow(variables, sink) {
        client
          .subscribe<ListenToGroupSubscription>({ query: parse(listenToGroup.toString()), variables })
          .subscribe(({ data, error }) =>
            data ? sink.push(data as ListenToGroupSubscription) : sink.fail(Object(error)),
          )
      },
      close: () => client.stop(),
    }
  }),
)
