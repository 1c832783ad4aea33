import type { WebSocket } from 'ws'
import { ChatError } from '../errors.ts'
import type { Limits } from '../limits.ts'
import type { Rates } from '../rates/rates.ts'
import type { ServerObserver } from './observer.ts'

const FULL_RETRY = 10 // seconds after which one who has too many sockets may try again

/** How many sockets each network has, and how fast new ones come. */
export function createSocketAdmission(deps: { rates: Rates; observer: ServerObserver; limits: Limits }) {
  const { rates, observer, limits } = deps
  const networks = new Map<string, number>()

  return {
    /** Seconds until one more may come from there; 0 where it may now. */
    waitOf(network: string): number {
      if ((networks.get(network) ?? 0) >= limits.socketsPerAddress) {
        observer.refusal('socketsPerAddress')
        return FULL_RETRY
      }
      try {
        rates.take('socket', network)
        rates.take('accept', '')
        return 0
      } catch (error) {
        if (!(error instanceof ChatError)) throw error
        observer.refusal(String(error.extensions['limit']))
        return Number(error.extensions['retryAfter'])
      }
    },

    /** Apart from the upgrade, which would stay in memory with the listener. */
    countIn(socket: WebSocket, network: string): void {
      networks.set(network, (networks.get(network) ?? 0) + 1)
      socket.once('close', () => {
        const left = (networks.get(network) ?? 1) - 1
        if (left > 0) networks.set(network, left)
        else networks.delete(network)
      })
    },
  }
}
