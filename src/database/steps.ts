const LARGEST_STEP = 500

/** Splits what may be many, so that no statement has too many parameters. */
export function* inSteps<T>(all: readonly T[]): Generator<T[]> {
  for (let from = 0; from < all.length; from += LARGEST_STEP) yield all.slice(from, from + LARGEST_STEP)
}
