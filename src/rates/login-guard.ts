import type { Rate, RateTable } from '../rate-limits.ts'
import type { Counts } from './counts.ts'
import { createGrowingDelays } from './growing-delays.ts'

const ACQUAINTANCE = 14 * 24 * 3_600_000 // ms that a network is known for an account

/** Where a password comes from: somebody who isn't signed in, or a session that proves itself once more. */
export type PasswordSource = { network: string } | { sessionId: string }

/**
 * Slows down who guesses passwords, and not the one whose account it is.
 *
 * A network (an address, or an IPv6 /64) that tries many accounts is slowed down by the first rate, whatever it tries.
 * An account has a second rate, which all networks share that are strangers to it: a botnet of any size has a few guesses
 * an hour together, and its owner at a new place waits as they do, 15 minutes at most. But that may never lock him
 * out, so where he has signed in or refreshed a session within two weeks, his network has tries of its own, which nobody
 * elsewhere can use up, nor the first rate's. A device that is signed in refreshes every 15 minutes, and so makes known
 * whichever network it is in. Who shares a network with the attacker waits 15 minutes at most between two tries, and a
 * session that is open goes on all the same: it has tries of its own, too, to change the password.
 *
 * An attempt counts from its beginning, so that many at once are no way around, and is taken back if it is right.
 * A right one takes back only itself for strangers: an attacker's own account, signed in to now and then, forgives
 * him nothing. (The documentation of rate-limiter-flexible has a related pattern, by username and address.)
 */
export interface LoginGuard {
  /**
   * @param account an account's id, or what stands for a name that has none: both are treated alike
   * @param isRight compares the password
   * @throws ChatError RATE_LIMITED, without comparing
   */
  attempt(account: string, source: PasswordSource, isRight: () => Promise<boolean>): Promise<boolean>
  /** Somebody has proven to be this user there. */
  know(userId: string, network: string): Promise<void>
}

/**
 * @param tries of accounts and networks
 * @param acquaintances apart from those, so that no attack displaces them
 */
export function createLoginGuard(
  { login, account: perAccount }: Pick<RateTable, 'login' | 'account'>,
  tries: Counts,
  acquaintances: Counts,
): LoginGuard {
  const delays = createGrowingDelays(tries)

  async function isKnown(account: string, network: string): Promise<boolean> {
    return (await acquaintances.find(`known ${account} ${network}`)) !== null
  }

  return {
    async attempt(account, source, isRight) {
      const place = 'sessionId' in source ? source.sessionId : source.network
      const isHisOwn = 'sessionId' in source || (await isKnown(account, place))
      const entered: [key: string, rate: Rate][] = []
      async function enter(key: string, rate: Rate | undefined) {
        if (!rate) return
        await delays.enter(key, rate)
        entered.push([key, rate])
      }
      const takeBack = () => Promise.all(entered.map(([key, rate]) => delays.forgive(key, rate)))
      try {
        if (!isHisOwn) await enter(`network ${place}`, login)
        await enter(`account ${account} ${isHisOwn ? place : 'strangers'}`, perAccount)
        const right = await isRight()
        if (right && isHisOwn) await Promise.all(entered.map(([key]) => delays.forget(key)))
        else if (right) await takeBack()
        return right
      } catch (error) {
        // Nothing was learnt of the password.
        await takeBack()
        throw error
      }
    },

    async know(userId, network) {
      if (login || perAccount) await acquaintances.add(`known ${userId} ${network}`, 1, ACQUAINTANCE)
    },
  }
}

/** For what has no attackers. */
export const noGuard: LoginGuard = {
  attempt: (_account, _source, isRight) => isRight(),
  async know() {},
}
