import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { createFrameReader, encodeFrame, type FrameHandlers, PING, PONG, TEXT } from './frames.ts'

/** All sockets read into the same memory, one after another: what is kept of it must be copied. */
const inbound = Buffer.alloc(256 * 1024)

/** A WebSocket with as little between it and the line as can be, so that thousands of them load a server. */
export interface RawSocket {
  send(text: string): void
  ping(): void
  close(): void
}

export interface RawSocketHandlers extends Pick<FrameHandlers, 'onText' | 'onPong'> {
  /** Hears once of what went wrong, the server's closing included; not of one's own. */
  onFailure(error: Error): void
}

/**
 * @param url http: address and path
 * @param protocol the WebSocket subprotocol to ask for
 */
export function openRawSocket(url: string, protocol: string, handlers: RawSocketHandlers): Promise<RawSocket> {
  const { hostname, port, host, pathname } = new URL(url)
  return new Promise((resolve, reject) => {
    let isOpen = false
    let isClosed = false

    function fail(error: Error) {
      if (isClosed) return
      isClosed = true
      stream.destroy()
      if (isOpen) handlers.onFailure(error)
      else reject(error)
    }

    const read = createFrameReader({
      ...handlers,
      onPing: (payload) => stream.write(encodeFrame(PONG, payload)),
      onClose: (code, reason) => fail(new Error(`The server closed a socket: ${code} ${reason}`)),
    })

    let head = Buffer.alloc(0)
    /** @returns where in the buffer the first frame begins, or -1 */
    function readHead(buffer: Buffer, end: number): number {
      const before = head.length
      head = Buffer.concat([head, buffer.subarray(0, end)])
      const length = head.indexOf('\r\n\r\n') + 4
      if (length < 4) return -1
      const status = head.toString('latin1', 0, head.indexOf('\r\n'))
      if (!status.startsWith('HTTP/1.1 101')) throw new Error(`No WebSocket: ${status}`)
      isOpen = true
      resolve({
        send: (text) => stream.write(encodeFrame(TEXT, Buffer.from(text))),
        ping: () => stream.write(encodeFrame(PING, Buffer.alloc(0))),
        close() {
          isClosed = true
          stream.destroy()
        },
      })
      return length - before
    }

    const stream = connect({
      host: hostname,
      port: Number(port),
      noDelay: true,
      onread: {
        buffer: inbound,
        callback(length) {
          try {
            const start = isOpen ? 0 : readHead(inbound, length)
            if (isOpen && start < length) read(inbound, start, length)
          } catch (error) {
            fail(error as Error)
          }
          return true
        },
      },
    })
    stream.on('error', fail)
    stream.on('close', () => fail(new Error('The server dropped a socket')))
    stream.write(
      `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
        `Sec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
    )
  })
}
