import type { IncomingMessage } from 'node:http'

/** The encodings in which a client takes an answer, without those that he rules out by a weight of 0. */
export function acceptedEncodings({ headers }: Pick<IncomingMessage, 'headers'>): (string | undefined)[] {
  return String(headers['accept-encoding'] ?? '')
    .split(',')
    .filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part))
    .map((part) => part.split(';', 1)[0]?.trim())
}
