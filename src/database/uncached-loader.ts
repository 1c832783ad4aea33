import DataLoader from 'dataloader'

/**
 * What is asked for in one tick is one query. Nothing is kept: a subscription lives long, and must see each time how
 * things stand.
 * @param options DataLoader's, where they differ: how much is asked for at once, and when
 */
export function createUncachedLoader<Key, Value>(
  load: (keys: readonly Key[]) => Promise<Value[]>,
  options: { maxBatchSize?: number; batchScheduleFn?: (dispatch: () => void) => void } = {},
): DataLoader<Key, Value> {
  return new DataLoader<Key, Value>(load, { cache: false, maxBatchSize: 500, ...options })
}
