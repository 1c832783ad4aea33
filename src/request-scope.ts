import { AsyncLocalStorage } from 'node:async_hooks'

/** What a request, or an operation of a socket, is known by in errors and logs. */
export interface RequestScope {
  requestId: string
  /** The client's network address. */
  address: string
}

const scopes = new AsyncLocalStorage<RequestScope>()

/** Runs the work so that whatever it calls, however late, knows for what it is done. */
export function runInScope<T>(scope: RequestScope, work: () => T): T {
  return scopes.run(scope, work)
}

/** @returns undefined for what the server does of its own accord */
export function currentScope(): RequestScope | undefined {
  return scopes.getStore()
}
