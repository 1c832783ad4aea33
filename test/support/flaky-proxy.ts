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
  /** Breaks everything off at once. */
  cut(): void
  /** Breaks everything off, and whatever begins anew, until it is mended. */
  part(): void
  mend(): void
  /** Lets nothing more through on the connections that there are, and doesn't say so. */
  freeze(): void
}

/** Lets through what it likes of what comes from the server on a connection. */
export type Filter = (data: Buffer) => Buffer

/**
 * @param url the server's, which may stop and come back there
 * @param openFilter called for each connection
 */
export async function startFlakyProxy(
  url: string,
  openFilter: () => Filter = () => (data) => data,
): Promise<FlakyProxy> {
  const { protocol, hostname, port, pathname } = new URL(url)
  const sockets = new Set<Socket>()
  const events = new EventEmitter()
  let bytesLeft = Number.POSITIVE_INFINITY
  let isParted = false

  const proxy = createServer((client) => {
    if (isParted) return void client.destroy()
    const filter = openFilter()
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
    server.on('data', (all: Buffer) => {
      const data = filter(all)
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
    url: `${protocol}//127.0.0.1:${(proxy.address() as AddressInfo).port}${pathname}`,
    carries: () => once(events, 'data'),
    async cutAfter(bytes) {
      bytesLeft = bytes
      await once(events, 'cut')
    },
    cut,
    part() {
      isParted = true
      cut()
    },
    mend() {
      isParted = false
    },
    freeze() {
      for (const socket of sockets) socket.unpipe().pause()
    },
  }
}
