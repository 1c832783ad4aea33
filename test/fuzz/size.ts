import { isSoak, soakMinutes } from '../support/soak.ts'

/** How many times each mutation is tried; everything else in proportion. */
export const RUNS = 10 + 20 * soakMinutes

/** ms that a test of so many may take. */
export const PATIENCE = 60_000 + RUNS * 1_000

/** The same inputs in every ordinary run, so that one who changed nothing is told of nothing; others each time in a soak. */
export const CHANCES = isSoak ? {} : { seed: 20_261_121 }
