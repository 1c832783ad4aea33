import { constants, setPriority } from 'node:os'
import { compareSync, hashSync } from 'bcryptjs'

// Messages come first where there is no core to spare. Only Linux lowers this thread alone.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW)

export function hash({ password, cost }: { password: string; cost: number }): string {
  return hashSync(password, cost)
}

export function verify({ password, hash }: { password: string; hash: string }): boolean {
  return compareSync(password, hash)
}
