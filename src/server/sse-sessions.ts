import type { Plugin } from 'graphql-yoga'
import { isAsyncIterable } from 'graphql-yoga'
import type { Context } from '../graphql/context.ts'
import type { Connections } from './connections.ts'

/** A stream over SSE is a connection of its own: it ends with its session or its token, as a socket does. */
export function useSseSessions(connections: Connections): Plugin<Context> {
  return {
    onSubscribe: ({ args }) => ({
      onSubscribeResult({ result }) {
        const { viewer, disconnect } = args.contextValue as Context
        const isOverSocket = disconnect !== undefined
        if (isOverSocket || !viewer || !isAsyncIterable(result)) return undefined
        const closed = connections.add({ viewer, refuse: () => void result[Symbol.asyncIterator]().return?.() })
        return { onEnd: closed }
      },
    }),
  }
}
