import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import type { Context } from '../graphql/context.ts'
import type { Connections } from './connections.ts'

/**
 * Ends streams as they must end, on every transport: what was being executed for a listener who has been
 * removed meanwhile is not sent, and a stream over SSE ends with its session or token, as a socket does.
 */
export function useLiveStreams(connections: Connections): Plugin<Context> {
  return {
    onSubscribe: ({ args }) => ({
      onSubscribeResult({ result, setResult }) {
        if (!isAsyncIterable(result)) return
        const context = args.contextValue as Context
        const stream = createLiveStream(result[Symbol.asyncIterator](), {
          isOver: () => context.streamEnded === true,
          onEnd: () => onEnd?.(),
        })
        const { viewer } = context
        const refuse = () => void stream.return()
        const onEnd = context.onStreamEnd ?? (viewer ? connections.add({ viewer, refuse }) : undefined)
        setResult(stream)
      },
    }),
  }
}

/** Not a generator, whose `return` would wait for an event that may never come. */
function createLiveStream<T>(source: AsyncIterator<T>, { isOver, onEnd }: { isOver(): boolean; onEnd(): void }) {
  let ended = false
  function end(): IteratorResult<T> {
    if (!ended) onEnd()
    ended = true
    return { value: undefined, done: true }
  }

  const stream = {
    async next(): Promise<IteratorResult<T>> {
      try {
        const result = await source.next()
        return result.done || isOver() ? end() : result
      } catch (error) {
        end()
        throw error
      }
    },
    async return(): Promise<IteratorResult<T>> {
      end()
      await source.return?.()
      return { value: undefined, done: true }
    },
    async throw(error: unknown): Promise<IteratorResult<T>> {
      await stream.return()
      throw error
    },
    [Symbol.asyncIterator]: () => stream,
    async [Symbol.asyncDispose]() {
      await stream.return()
    },
  }
  return stream
}
