import type { CombinedError } from 'urql'
import { createObservable, type Observable } from './observable.ts'

export interface Page<Item> {
  items: readonly Item[]
  /** Where the next page begins; null where there is none. */
  next: string | null
}

export interface PagesState<Item> {
  /** Those that have been loaded, in the order of loading. */
  pages: readonly (readonly Item[])[]
  hasMore: boolean
  isLoading: boolean
  error: CombinedError | null
}

export interface Pages<Item> {
  readonly state: Observable<PagesState<Item>>
  /** Begins with the first page. */
  open(): void
  /** Loads the page after the last one, or the last one again where that failed. */
  loadMore(): void
  close(): void
}

export type PageFollower<Item> = (
  place: string | null,
  onPage: (page: Page<Item> | null, error: CombinedError | null) => void,
) => () => void

interface Entry<Item> {
  place: string | null
  page: Page<Item> | null
  error: CombinedError | null
  stop: () => void
}

/** A long list, page by page, each of which follows the cache. @param follow tells a page now and whenever it changes */
export function createPages<Item>(follow: PageFollower<Item>): Pages<Item> {
  const entries: Entry<Item>[] = []
  const state = createObservable<PagesState<Item>>({ pages: [], hasMore: false, isLoading: true, error: null })

  function publish(): void {
    const last = entries.at(-1)
    state.set({
      pages: entries.flatMap(({ page }) => (page ? [page.items] : [])),
      hasMore: last?.page?.next != null || last?.error != null,
      isLoading: !!last && !last.page && !last.error,
      error: last?.error ?? null,
    })
  }

  function start(entry: Entry<Item>): void {
    entry.stop()
    entry.error = null
    entry.stop = follow(entry.place, (page, error) => {
      if (page) entry.page = page
      entry.error = page ? null : error
      publish()
    })
  }

  function add(place: string | null): void {
    const entry: Entry<Item> = { place, page: null, error: null, stop: () => {} }
    entries.push(entry)
    start(entry)
    publish()
  }

  return {
    state,
    open: () => add(null),
    loadMore() {
      const last = entries.at(-1)
      if (last?.error) {
        start(last)
        publish()
      } else if (last?.page?.next) add(last.page.next)
    },
    close() {
      for (const { stop } of entries.splice(0)) stop()
    },
  }
}
