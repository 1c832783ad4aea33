import { once } from 'node:events'
import { connect } from 'node:net'

const PATIENCE = 10_000 // ms; only a test that fails waits that long

export interface ExchangeOptions {
  /** Says that nothing more will come: where a server would wait for it. */
  halfClose?: boolean
  /** Hangs up once what has come back is enough. */
  isEnough?: (answer: string) => boolean
}

/**
 * Sends bytes over TCP.
 * @param url of the server; what is asked of it is left to the bytes
 * @param bytes one a character
 * @returns all that came back until either side hung up, one character for each byte
 */
export async function exchange(
  url: string,
  bytes: string,
  { halfClose = false, isEnough = () => false }: ExchangeOptions = {},
): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  const closed = once(socket, 'close')
  let answer = ''
  socket.setEncoding('latin1')
  socket.setTimeout(PATIENCE, () => socket.destroy(new Error(`Nobody hung up. What came back: ${answer}`)))
  socket.on('data', (text) => {
    answer += text
    if (isEnough(answer)) socket.destroy()
  })
  socket.on('end', () => socket.end())
  socket.write(bytes, 'latin1')
  if (halfClose) socket.end()
  await closed.catch((error) => {
    // A server needn't read on to the end of what it refuses.
    if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') throw error
  })
  return answer
}

/** Whatever statuses an HTTP server gave. */
export function statusesOf(answer: string): number[] {
  return [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status))
}
