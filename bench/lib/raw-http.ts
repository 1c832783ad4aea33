import { connect, type Socket } from 'node:net'

const LONGEST_IDLENESS = 2_000 // ms; Node's server closes a connection after five seconds of it

/** A kept-alive connection that one request at a time goes over, with as little as can be between it and the line. */
export interface RawHttp {
  /** @returns the answer's data. Rejects where it has errors. */
  request(query: string, variables?: object): Promise<unknown>
  close(): void
}

/** @param url http: address of a server of GraphQL, which answers with a `Content-Length` */
export function openRawHttp(url: string, token: string | null): RawHttp {
  const { hostname, port, host } = new URL(url)
  const head =
    `POST /graphql HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n` +
    `${token ? `Authorization: Bearer ${token}\r\n` : ''}Content-Length: `

  let waiting: PromiseWithResolvers<unknown> | null = null
  let stream = open()
  let lastUse = performance.now()

  function open(): Socket {
    let received = Buffer.alloc(0)
    const opened = connect({ host: hostname, port: Number(port), noDelay: true })
    opened.on('error', (error) => waiting?.reject(error))
    opened.on('close', () => opened === stream && waiting?.reject(new Error('The server closed a connection')))
    opened.on('data', (chunk) => {
      received = received.length > 0 ? Buffer.concat([received, chunk]) : chunk
      const body = wholeBody(received)
      if (body === null) return
      received = Buffer.alloc(0)
      const { data, errors } = JSON.parse(body) as { data?: unknown; errors?: unknown }
      if (errors) waiting?.reject(new Error(`A request failed: ${body}`))
      else waiting?.resolve(data)
    })
    return opened
  }

  return {
    request(query, variables = {}) {
      waiting = Promise.withResolvers()
      const body = JSON.stringify({ query, variables })
      if (performance.now() - lastUse > LONGEST_IDLENESS) {
        stream.destroy()
        stream = open()
      }
      lastUse = performance.now()
      stream.write(`${head}${Buffer.byteLength(body)}\r\n\r\n${body}`)
      return waiting.promise
    },
    close: () => stream.destroy(),
  }
}

/** @returns null where more is to come */
function wholeBody(response: Buffer): string | null {
  const headLength = response.indexOf('\r\n\r\n') + 4
  if (headLength < 4) return null
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(response.toString('latin1', 0, headLength))?.[1])
  if (Number.isNaN(length)) throw new Error(`An answer without a length: ${response}`)
  return response.length < headLength + length ? null : response.toString('utf8', headLength, headLength + length)
}
