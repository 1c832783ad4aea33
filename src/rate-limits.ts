import { z } from 'zod'

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } // ms
const HINT = 'must be like 10/1m (10 in one minute; s, m, h or d), or off'

/** How many times something may be done in a while. */
export interface Rate {
  points: number
  /** ms, in whole seconds. */
  duration: number
}

/**
 * A setting like `10/1m`; null where it is `off`.
 * @param example what it is unless it is set
 */
function rateSetting(example: string) {
  return z
    .string()
    .default(example)
    .transform((text, context): Rate | null => {
      if (text === 'off') return null
      const [, points, count, unit] = /^(\d{1,9})\/(\d{1,4})([smhd])$/.exec(text) ?? []
      const rate = { points: Number(points), duration: Number(count) * UNITS[unit as keyof typeof UNITS] }
      if (rate.points > 0 && rate.duration > 0) return rate
      context.addIssue({ code: 'custom', message: HINT })
      return z.NEVER
    })
}

/** For people: “10 in 60 s”. */
export function describeRate({ points, duration }: Rate): string {
  return `${points} in ${duration / 1_000} s`
}

/** Each rate, by its setting: what it counts, for a refusal to name. */
const RATES = {
  register: { setting: 'REGISTER_RATE', counts: 'accounts made from one network' },
  login: { setting: 'LOGIN_RATE', counts: 'failed logins from one network' },
  account: { setting: 'LOGIN_RATE_PER_ACCOUNT', counts: 'failed logins to one account' },
  refresh: { setting: 'REFRESH_RATE', counts: 'refreshed sessions from one network' },
  send: { setting: 'SEND_RATE', counts: 'messages of one user' },
  conversation: { setting: 'SEND_RATE_PER_CONVERSATION', counts: 'messages in one conversation' },
  mutation: { setting: 'MUTATION_RATE', counts: 'changes by one user' },
  subscribe: { setting: 'SUBSCRIBE_RATE', counts: 'subscriptions begun by one user' },
  search: { setting: 'SEARCH_RATE', counts: 'searches of one user' },
  upload: { setting: 'UPLOAD_RATE', counts: 'uploads of one user' },
  socket: { setting: 'SOCKET_RATE', counts: 'WebSockets opened from one network' },
  accept: { setting: 'ACCEPT_RATE', counts: 'WebSockets opened at this node' },
  operation: { setting: 'OPERATION_RATE', counts: 'operations of one session' },
  anonymous: { setting: 'ANONYMOUS_RATE', counts: 'operations without a valid token from one network' },
} as const satisfies Record<string, { setting: keyof typeof rateSettings; counts: string }>

/** All rates as settings, wide enough for a household or a small office behind one address. */
export const rateSettings = {
  REGISTER_RATE: rateSetting('30/1h'),
  LOGIN_RATE: rateSetting('30/10m'),
  LOGIN_RATE_PER_ACCOUNT: rateSetting('10/1h'),
  REFRESH_RATE: rateSetting('300/1m'),
  SEND_RATE: rateSetting('100/10s'),
  SEND_RATE_PER_CONVERSATION: rateSetting('1000/10s'),
  MUTATION_RATE: rateSetting('600/1m'),
  SUBSCRIBE_RATE: rateSetting('600/1m'),
  SEARCH_RATE: rateSetting('300/1m'),
  UPLOAD_RATE: rateSetting('300/10m'),
  SOCKET_RATE: rateSetting('1000/1m'),
  ACCEPT_RATE: rateSetting('500/1s'),
  OPERATION_RATE: rateSetting('3000/1m'),
  ANONYMOUS_RATE: rateSetting('600/1m'),
}

export type RateName = keyof typeof RATES

/** What isn't in it is unlimited. */
export type RateTable = Partial<Record<RateName, Rate>>

export const rateNames = Object.keys(RATES) as RateName[]

export const countsOf = (name: RateName): string => RATES[name].counts

/** @param settings as parsed */
export function rateTable(settings: Record<keyof typeof rateSettings, Rate | null>): RateTable {
  const table: RateTable = {}
  for (const name of rateNames) {
    const rate = settings[RATES[name].setting]
    if (rate) table[name] = rate
  }
  return table
}
