import type { OperationTypeNode } from 'graphql'

export type Transport = 'http' | 'sse' | 'websocket'

/** A query or mutation that has been answered, or a subscription that has begun; or either, refused. */
export interface OperationReport {
  transport: Transport
  /** Unknown of what was refused before it was executed. */
  type: OperationTypeNode | 'unknown'
  /** ms from its arrival to its result */
  duration: number
  /** `ok`, or the code of its first error. */
  outcome: string
}

/** Is told of what happens at the server's edge, and counts it. None of it may throw, or keep what it is given. */
export interface ServerObserver {
  operation(report: OperationReport): void
  /** @param field of the schema's Subscription type @returns to be called once, when it has ended */
  subscription(field: string, transport: Transport): () => void
  /** @param limit a word of the server's for what was exceeded */
  refusal(limit: string): void
  /** Somebody was disconnected who let too much wait. */
  slowReader(transport: Transport): void
  /** @param bytes of what was stored */
  upload(outcome: string, bytes: number): void
  request(route: string, status: number): void
}

/** Counts nothing. */
export const noObserver: ServerObserver = {
  operation() {},
  subscription: () => () => {},
  refusal() {},
  slowReader() {},
  upload() {},
  request() {},
}
