import type { ServerResponse } from 'node:http'
import type { ExecutionResult } from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import { rateLimited } from '../errors.ts'
import type { Context } from '../graphql/context.ts'
import { isMeantForClients } from '../graphql/error-codes.ts'
import type { Connections } from './connections.ts'

const CLOSE_TIMEOUT = 3_000 // ms that a peer has to read the end of its stream

/**
 * Ends streams as they must end, on every transport: what was being executed for a listener who has been
 * removed meanwhile is not sent, and a stream over SSE ends with its session or token, as a socket does,
 * and with an error that says whether to come back.
 */
export function useLiveStreams(connections: Connections): Plugin<Context> {
  return {
    onSubscribe: ({ args }) => ({
      onSubscribeResult({ result, setResult }) {
        if (!isAsyncIterable(result)) return
        const context = args.contextValue as Context
        const stream = createLiveStream(result[Symbol.asyncIterator](), context)
        setResult(stream)
        if (context.onStreamEnd) return stream.onEnd(context.onStreamEnd)

        stream.onEnd(() => hangUp(context.res))
        context.disconnect = () => stream.fail(rateLimited('Too slow: resume from your cursor.', 1))
        const { viewer, confirmViewer } = context
        if (!viewer) return
        try {
          stream.onEnd(connections.add({ viewer, refuse: stream.fail }))
          // Now that an end of the session would be heard of: it may have come meanwhile.
          confirmViewer?.().catch(stream.fail)
        } catch (error) {
          stream.fail(error)
        }
      },
    }),
  }
}

/** A peer that doesn't read would keep the line after the end of its stream. */
function hangUp(response: ServerResponse | undefined): void {
  const timer = setTimeout(() => response?.destroy(), CLOSE_TIMEOUT)
  response?.once('close', () => clearTimeout(timer))
}

/** Not a generator, whose `return` would wait for an event that may never come. */
function createLiveStream<T extends ExecutionResult>(source: AsyncIterator<T, undefined>, context: Context) {
  const done: IteratorResult<T> = { value: undefined, done: true }
  let endings: (() => void)[] = []
  let failure: unknown = null

  function end() {
    for (const ending of endings) ending()
    endings = []
    return done
  }

  /** What he may no longer see is left out, be it an error. */
  async function nextAllowed(): Promise<IteratorResult<T>> {
    for (;;) {
      const result = await source.next()
      if (result.done || !context.listener?.isWithdrawn) return result
    }
  }

  const stream = {
    /** Called once, however the stream ends. */
    onEnd(ending: () => void) {
      endings.push(ending)
    },
    /** Ends the stream; whoever reads it is told of the error. */
    fail(error: unknown) {
      failure ??= error
      void stream.return()
    },
    async next(): Promise<IteratorResult<T>> {
      try {
        const result = failure ? done : await nextAllowed()
        // Whoever went on listening would never hear of that event: he comes back with the cursor before it.
        failure ??= result.value?.errors?.find((error: unknown) => !isMeantForClients(error)) ?? null
        if (!failure) return result.done || context.listener?.hasEnded ? end() : result
      } catch (error) {
        failure = error
      }
      const error = failure
      end()
      failure = null
      throw error
    },
    async return(): Promise<IteratorResult<T>> {
      end()
      await source.return?.()
      return done
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
