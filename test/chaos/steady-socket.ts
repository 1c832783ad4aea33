import { setTimeout as delay } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import type { TypedDocumentString } from '../support/graphql.ts'
import { type Answer, bodyOf, dataOf, RequestError, type Variables } from '../support/operation.ts'
import { RETRY_INTERVAL } from '../support/patience.ts'
import type { Ask, Urls } from './person.ts'

const LONGEST_PAUSE = 1_000 // ms between two tries

/** A WebSocket whose client comes back whenever it is closed, and asks again what hasn't been answered. */
export interface SteadySocket {
  ask: Ask
  /** Each new line reads the variables anew: change them in place to resume elsewhere. */
  listen<Data, V extends Variables>(document: TypedDocumentString<Data, V>, variables: V, sink: Sink<Data>): void
  close(): void
}

export interface Sink<Data> {
  next(answer: Answer<Data>): void
  /** The stream is over: the server ended it, or refused it, or closed the line for good. */
  over(reason: Error): void
}

/**
 * @param urls each line goes to the next one
 * @param onClosed hears of each line that stood, and was closed
 */
export function openSteadySocket(
  urls: Urls,
  token: () => Promise<string>,
  onClosed: (code: number) => void = () => {},
): SteadySocket {
  let stands = false
  let lines = 0
  const client = createClient({
    url: () => (urls[lines++ % urls.length] ?? urls[0]).replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: async () => ({ authorization: `Bearer ${await token()}` }),
    lazyCloseTimeout: 60_000, // ms; it stays open between two mutations
    retryAttempts: Infinity,
    retryWait: (retries) => delay(Math.min(RETRY_INTERVAL * 2 ** retries, LONGEST_PAUSE)),
    // A refused connection is an error of the network, after which the client by itself gives up.
    shouldRetry: () => true,
    on: {
      connected() {
        stands = true
      },
      closed(event) {
        if (stands) onClosed(Object(event).code)
        stands = false
      },
    },
  })

  function ask<Data, V extends Variables>(document: TypedDocumentString<Data, V>, variables: V): Promise<Data> {
    return new Promise((resolve, reject) => {
      let answer: Answer<Data> = {}
      client.subscribe<Data>(bodyOf(document, variables), {
        next(value) {
          answer = value
        },
        error: (error) => reject(toError(error)),
        complete() {
          try {
            resolve(dataOf(answer))
          } catch (error) {
            reject(error)
          }
        },
      })
    })
  }

  return {
    ask,
    listen<Data, V extends Variables>(
      document: TypedDocumentString<Data, V>,
      variables: V,
      { next, over }: Sink<Data>,
    ) {
      client.subscribe<Data>(bodyOf(document, variables), {
        next,
        error: (error) => over(toError(error)),
        complete: () => over(new Error('The stream was ended.')),
      })
    },
    close: () => void Promise.resolve(client.dispose()).catch(() => {}),
  }
}

function toError(error: unknown): Error {
  if (Array.isArray(error)) return new RequestError(error)
  const { code, reason, message } = Object(error)
  return new Error(`The line was closed for good: ${code ?? ''} ${reason ?? message ?? error}`)
}
