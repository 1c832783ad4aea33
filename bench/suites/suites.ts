import type { Suite } from '../lib/suite.ts'
import { cluster } from './cluster.ts'
import { conversations } from './conversations.ts'
import { fanOut } from './fan-out.ts'
import { groups } from './groups.ts'
import { history } from './history.ts'
import { latency } from './latency.ts'
import { login } from './login.ts'
import { memory } from './memory.ts'
import { search } from './search.ts'
import { send } from './send.ts'
import { start } from './start.ts'

/** By the names that `npm run bench` takes, in the order in which they run. */
export const suites: Record<string, Suite> = {
  'fan-out': fanOut,
  latency,
  groups,
  memory,
  send,
  history,
  conversations,
  search,
  login,
  start,
  cluster,
}
