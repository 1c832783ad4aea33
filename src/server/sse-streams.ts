import type { ServerResponse } from 'node:http'
import type { ExecutionResult, GraphQLError } from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import { rateLimited } from '../errors.ts'
import type { Context } from '../graphql/context.ts'
import type { Line } from '../realtime/subscriber.ts'
import type { Connections } from './connections.ts'
import { LiveStream } from './live-stream.ts'
import type { ServerObserver } from './observer.ts'
import type { OperationReports } from './operation-reports.ts'
import { askedOf } from './reported-requests.ts'

const CLOSE_TIMEOUT = 3_000 // ms that a peer has to read the end of its stream

/** A stream over SSE ends with its session or token, as a socket does, and with an error that says whether to come back. */
export function useSseStreams({
  connections,
  reports,
  observer,
}: {
  connections: Connections
  reports: OperationReports
  observer: ServerObserver
}): Plugin<Context> {
  return {
    onSubscribe: ({ args }) => ({
      onSubscribeResult({ result, setResult }) {
        if (!isAsyncIterable(result)) return
        const context = args.contextValue as Context
        const stream = new LiveStream({
          source: result[Symbol.asyncIterator]() as AsyncIterator<ExecutionResult>,
          execute: (executed) => executed,
          context,
          // Yoga does, to what comes from here.
          report: (errors) => errors as GraphQLError[],
        })
        setResult(stream)
        stream.onEnd(() => hangUp(context.res))
        context.disconnect = () => {
          observer.slowReader('sse')
          stream.fail(rateLimited('Too slow: resume from your cursor.', 1))
        }
        const { viewer, confirmViewer } = context
        const asked = askedOf(context.request)
        if (asked) stream.onEnd(reports.subscribed(asked))
        if (!viewer) return
        try {
          const refuse = (error: unknown) => stream.fail(error)
          stream.onEnd(connections.add({ viewer, refuse }))
          // Now that an end of the session would be heard of: it may have come meanwhile.
          confirmViewer?.().catch(refuse)
        } catch (error) {
          reports.refused(error)
          stream.fail(error)
        }
      },
    }),
  }
}

/** An answer over HTTP on its way. */
export class ResponseLine implements Line {
  readonly #response: ServerResponse

  constructor(response: ServerResponse) {
    this.#response = response
  }

  get isWritten(): boolean {
    const { destroyed, writableFinished, writableLength } = this.#response
    return writableFinished || (!destroyed && writableLength === 0)
  }
}

/** A peer that doesn't read would keep the line after the end of its stream. */
function hangUp(response: ServerResponse | undefined): void {
  const timer = setTimeout(() => response?.destroy(), CLOSE_TIMEOUT)
  response?.once('close', () => clearTimeout(timer))
}
