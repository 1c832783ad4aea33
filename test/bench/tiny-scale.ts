import type { Scale } from '../../bench/lib/scale.ts'

/** A run that only shows that a suite works. */
export const TINY: Scale = {
  rounds: 1,
  roundTime: 20,
  crowd: 3,
  crowds: [1, 2],
  sendRate: 50,
  sendRates: [20],
  groups: 3,
  connections: 3,
  messages: 200,
  conversations: 60,
}
