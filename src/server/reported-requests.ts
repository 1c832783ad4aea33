import type { ExecutionArgs, ExecutionResult } from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import type { Context } from '../graphql/context.ts'
import { type Asked, type OperationReports, operationOf } from './operation-reports.ts'

const asked = new WeakMap<Request, Asked>()

/** What a request over HTTP asks for, as far as it has been read. */
export function askedOf(request: Request | undefined): Asked | undefined {
  return request && asked.get(request)
}

/** Reports the operations over HTTP, and those over SSE that don't come to be a stream. */
export function useReportedRequests(reports: OperationReports): Plugin<Context> {
  return {
    onRequestParse({ request }) {
      asked.set(request, { transport: 'http', since: performance.now(), viewer: null })
    },
    onExecute: ({ args }) => note(args),
    onSubscribe: ({ args }) => note(args, 'sse'),
    onResultProcess({ request, result }) {
      const known = asked.get(request)
      if (!known || isAsyncIterable(result)) return
      const [{ errors } = {}] = [result].flat() as ExecutionResult[]
      reports.ended(known, errors)
    },
  }
}

function note(args: Parameters<typeof toAsked>[0], transport?: Asked['transport']): void {
  const { request } = args.contextValue as Context
  const known = askedOf(request)
  if (known) Object.assign(known, toAsked(args), transport && { transport })
}

function toAsked({
  document,
  operationName,
  contextValue,
}: Pick<ExecutionArgs, 'document' | 'operationName' | 'contextValue'>) {
  return { ...operationOf(document, operationName), viewer: (contextValue as Context).viewer }
}
