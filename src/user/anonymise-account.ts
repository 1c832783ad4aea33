import { randomBytes } from 'node:crypto'
import { leaveAllGroups } from '../group/departure.ts'
import type { LogTransaction } from '../log/log-transaction.ts'
import { takeBackFromMessages } from './take-back.ts'

/** Leaves of an account what others need to read on: a nameless sender of what he wrote. */
export async function anonymiseAccount(log: LogTransaction, userId: string): Promise<void> {
  await log.tx.user.update({ where: { id: userId }, data: nameless() })
  // By now nameless, also in what the groups are told.
  await leaveAllGroups(log, userId)
  await log.tx.block.deleteMany({ where: { OR: [{ userId }, { blockerId: userId }] } })
  await log.tx.ban.deleteMany({ where: { userId } })
  await takeBackFromMessages(log, userId)
}

function nameless() {
  const username = `deleted-${randomBytes(8).toString('hex')}`
  return {
    username,
    usernameKey: username,
    email: null,
    emailKey: null,
    displayName: 'Deleted user',
    nameKey: '',
    avatarUrl: null,
    lastSeenAt: null,
    deletedAt: new Date(),
  }
}
