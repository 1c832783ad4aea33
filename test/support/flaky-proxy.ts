import { EventEmitter, once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** The line between a client and a server, for a test to do harm to. */
export interface FlakyProxy {
  /** Where the client finds the server. */
  url: string
  /** Resolves when something comes from the server the next time. */
  carries(): Promise<unknown>
  /** Breaks everything off when so many bytes more have come from the server; resolves when it has. */
  cutAfter(bytes: number): Promise<void>
  /** Lets nothing more through on the connections that there are, and doesn't say so. */
  freeze(): void
}

/** @param url the server's, which may stop and come back there */
export async function startFlakyProxy(url: string): Promise<FlakyProxy> {
  const { hostname, port, pathname } = new URL(url)
  const sockets = new Set<Socket>()
  const events = new EventEmitter()
  let bytesLeft = Number.POSITIVE_INFINITY

  const proxy = createServer((client) => {
    const server = connect(Number(port), hostname)
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
    client.pipe(server)
    server.on('data', (data) => {
      client.write(data.subarray(0, bytesLeft))
      events.emit('data')
      bytesLeft -= data.length
      if (bytesLeft < 0) cut()
    })
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')

  function cut() {
    bytesLeft = Number.POSITIVE_INFINITY
    for (const socket of sockets) socket.destroy()
    events.emit('cut')
  }

  onTestFinished(() => {
    cut()
    proxy.close()
  })
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${pathname}`,
    carries: () => once(events, 'data'),
    async cutAfter(bytes) {
      bytesLeft = bytes
      await once(events, 'cut')
    },
    freeze() {
      for (const socket of sockets) socket.unpipe().pause()
    },
  }
}
