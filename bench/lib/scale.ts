/** How large and how long a run is. */
export interface Scale {
  /** Rounds of each contestant. */
  rounds: number
  /** ms that a round takes. */
  roundTime: number
  /** Subscribers of a crowd. */
  crowd: number
  /** Those of the plot. */
  crowds: number[]
  /** Messages a second: the table's, and the plot's. */
  sendRate: number
  sendRates: number[]
  /** Groups of twenty. */
  groups: number
  /** Idle connections. */
  connections: number
  /** Messages in the large database. */
  messages: number
  /** Conversations of one user. */
  conversations: number
}

export const FULL: Scale = {
  rounds: 7,
  roundTime: 600,
  crowd: 1_000,
  crowds: [1, 10, 100, 1_000, 5_000],
  sendRate: 400,
  sendRates: [50, 100, 200, 400, 800],
  groups: 1_000,
  connections: 5_000,
  messages: 1_000_000,
  conversations: 500,
}

/** To try things out: half a minute for all, and figures that say little. */
export const QUICK: Scale = {
  rounds: 3,
  roundTime: 200,
  crowd: 200,
  crowds: [1, 100],
  sendRate: 100,
  sendRates: [50, 100],
  groups: 50,
  connections: 500,
  messages: 20_000,
  conversations: 100,
}
