import type { Rate, RateTable } from '../rate-limits.ts'
import type { Counts } from './counts.ts'
import { createGrowingDelays, type GrowingDelays } from './growing-delays.ts'

const ACQUAINTANCE = 14 * 24 * 3_600_000 // ms that a network is known for an account

/** An account, or a name that there is none for: both are treated alike. `by` is which of an account's names was given. */
export type GuessedAccount = { userId: string; by: string } | { name: string }

/** Where a password comes from: somebody who isn't signed in, or a session that proves itself once more. */
export type PasswordSource = { network: string } | { sessionId: string }

/**
 * Slows down who guesses passwords, and not the one whose account it is.
 *
 * A network (an address, or an IPv6 /64) that tries many accounts is slowed down by the first rate, whatever it tries.
 * An account has a second rate, which all networks share that are strangers to it: a botnet of any size has a few guesses
 * an hour together, and its owner at a new place waits as they do, for one of their turns. But that may never lock him
 * out, so where he has signed in or refreshed a session within two weeks, his network has tries of its own, which nobody
 * elsewhere can use up, nor the first rate's. A device that is signed in refreshes every 15 minutes, and so makes known
 * whichever network it is in. Who shares a network with the attacker waits 15 minutes at most between two tries, and a
 * session that is open goes on all the same: it has tries of its own, too, to change the password.
 *
 * An attempt counts from its beginning, so that many at once are no way around, and is taken back if it is right.
 * Each name of an account has tries of its own: shared, they would tell which address is whose.
 * A right one takes back only itself for strangers: an attacker's own account, signed in to now and then, forgives
 * him nothing. (The documentation of rate-limiter-flexible has a related pattern, by username and address.)
 */
export interface LoginGuard {
  /**
   * @param isRight compares the password; it is told whether this account's user has proven himself there before
   * @throws ChatError RATE_LIMITED, without comparing
   */
  attempt(
    account: GuessedAccount,
    source: PasswordSource,
    isRight: (isHisOwn: boolean) => Promise<boolean>,
  ): Promise<boolean>
  /** Somebody has proven to be this user there. */
  know(userId: string, network: string): Promise<void>
}

/** @param newCounts several, so that a flood of networks or names doesn't displace what is known of accounts */
export function createLoginGuard(
  { login, account: perAccount }: Pick<RateTable, 'login' | 'account'>,
  newCounts: () => Counts,
): LoginGuard {
  const acquaintances = newCounts()
  const perNetwork = createGrowingDelays(newCounts())
  const perUser = createGrowingDelays(newCounts())
  const perName = createGrowingDelays(newCounts())

  async function isKnown(account: GuessedAccount, network: string): Promise<boolean> {
    // Asked for names as well, so that both take as long.
    const id = 'userId' in account ? account.userId : account.name
    return (await acquaintances.find(`known ${id} ${network}`)) !== null
  }

  return {
    async attempt(account, source, isRight) {
      const place = 'sessionId' in source ? source.sessionId : source.network
      const isHisOwn = 'sessionId' in source || (await isKnown(account, place))
      const entered: { delays: GrowingDelays; key: string; rate: Rate }[] = []
      async function enter(delays: GrowingDelays, key: string, rate: Rate | undefined) {
        if (!rate) return
        await delays.enter(key, rate)
        entered.push({ delays, key, rate })
      }
      const takeBack = () => Promise.all(entered.map(({ delays, key, rate }) => delays.forgive(key, rate)))
      try {
        if (!isHisOwn) await enter(perNetwork, `network ${place}`, login)
        const whose = isHisOwn ? place : 'strangers'
        if ('userId' in account) await enter(perUser, `user ${account.userId} ${account.by} ${whose}`, perAccount)
        else await enter(perName, `name ${account.name} ${whose}`, perAccount)
        const right = await isRight(isHisOwn)
        if (right && isHisOwn) await Promise.all(entered.map(({ delays, key }) => delays.forget(key)))
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
  attempt: (_account, _source, isRight) => isRight(true),
  async know() {},
}
