import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export const REQUEST_ID_HEADER = 'x-request-id'

/** What a proxy or a client may call a request: short, and nothing that could break a line of a log. */
const WELL_FORMED = /^[\w.:-]{8,64}$/

/** By which a request is found in the log: the one that it came with, where that is well-formed, or a new one. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers[REQUEST_ID_HEADER]
  return typeof given === 'string' && WELL_FORMED.test(given) ? given : randomUUID()
}
