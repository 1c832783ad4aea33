import type { Suite } from '../lib/suite.ts'
import { fanOut } from './fan-out.ts'
import { send } from './send.ts'

/** By the names that `npm run bench` takes, in the order in which they run. */
export const suites: Record<string, Suite> = {
  'fan-out': fanOut,
  send,
}
