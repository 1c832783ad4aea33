import { once } from 'node:events'
import { connect } from 'node:net'
import { onTestFinished } from 'vitest'

/** A bare connection to a server that answers each question at once. */
export interface Wire {
  /** Resolves with what comes next. */
  ask(question: string): Promise<string>
  /** Resolves when the server is gone. */
  readonly closed: Promise<unknown>
}

/** @throws Error where nobody listens there */
export async function openWire(port: number): Promise<Wire> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  await once(socket, 'connect')
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  return {
    async ask(question) {
      const answer = once(socket, 'data')
      socket.write(question)
      return (await answer)[0]
    },
    closed: new Promise((resolve) => socket.once('close', resolve)),
  }
}
