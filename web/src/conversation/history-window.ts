import type { CombinedError } from 'urql'
import type { Message } from '../client/fragments.ts'
import { createObservable, type Observable } from '../client/observable.ts'

/** Of each kind there may be as much as one operation may cost: a message can have many who reacted. */
const NEWEST = { last: 50 }
const PAGE = 60
const MOST_PAGES = 6 // at once: many more than are in sight, which must not be pushed out

/** Which page of a history. */
export type PagePlace =
  | { last: number; before?: string }
  | { first: number; after: string }
  | { first: number; around: number }

export interface WindowPage {
  /** The oldest first. */
  messages: readonly Message[]
  /** The cursors that the pages on either side go on from; null where there are none. */
  older: string | null
  newer: string | null
}

export interface WindowState {
  messages: readonly Message[]
  hasOlder: boolean
  hasNewer: boolean
  /** Whether another window is to take this one's place. */
  isOpening: boolean
  isLoading: boolean
  error: CombinedError | null
}

/** As much of a history as is read about, wherever that is: pages that follow the cache, and no more than a few. */
export interface HistoryWindow {
  readonly state: Observable<WindowState>
  /** Shows another part instead, once it has come. @param seq of a message in it, Infinity for the newest */
  open(seq: number): void
  loadOlder(): void
  loadNewer(): void
  /** Loads again what could not be loaded. */
  retry(): void
  close(): void
}

/** Tells a page now and whenever it changes. */
export type PageFollower = (
  place: PagePlace,
  onPage: (page: WindowPage | null, error: CombinedError | null) => void,
) => () => void

interface Entry {
  place: PagePlace
  joins: 'alone' | 'before' | 'after'
  page: WindowPage | null
  error: CombinedError | null
  stop: () => void
}

export const EMPTY_WINDOW: WindowState = {
  messages: [],
  hasOlder: false,
  hasNewer: false,
  isOpening: false,
  isLoading: false,
  error: null,
}

export function createHistoryWindow(follow: PageFollower): HistoryWindow {
  const state = createObservable(EMPTY_WINDOW)
  let shown: Entry[] = []
  let coming: Entry | null = null

  function publish(): void {
    state.set({
      messages: shown.flatMap(({ page }) => page?.messages ?? []),
      hasOlder: shown[0]?.page?.older != null,
      hasNewer: shown.at(-1)?.page?.newer != null,
      isOpening: coming?.joins === 'alone',
      isLoading: coming !== null && !coming.error,
      error: coming?.error ?? null,
    })
  }

  function load(place: PagePlace, joins: Entry['joins']): void {
    coming?.stop()
    coming = { place, joins, page: null, error: null, stop: nothing }
    start(coming)
  }

  function start(entry: Entry): void {
    entry.stop()
    entry.error = null
    entry.stop = follow(entry.place, (page, error) => {
      if (page) entry.page = page
      else entry.error = error
      if (page && entry === coming) join(entry)
      publish()
    })
    publish()
  }

  /** What comes to one end pushes out what is too far behind the other. */
  function join(entry: Entry): void {
    coming = null
    if (entry.joins === 'alone') shown = [entry]
    else shown = entry.joins === 'before' ? [entry, ...shown] : [...shown, entry]
    const excess = Math.max(shown.length - MOST_PAGES, 0)
    stopAll(shown.splice(entry.joins === 'before' ? MOST_PAGES : 0, excess))
  }

  return {
    state,
    open(seq) {
      stopAll(shown)
      load(seq === Infinity ? NEWEST : { first: PAGE, around: seq }, 'alone')
    },
    loadOlder() {
      const before = shown[0]?.page?.older
      if (before && !coming) load({ last: PAGE, before }, 'before')
    },
    loadNewer() {
      const after = shown.at(-1)?.page?.newer
      if (after && !coming) load({ first: PAGE, after }, 'after')
    },
    retry() {
      if (coming?.error) start(coming)
    },
    close() {
      stopAll(shown)
      coming?.stop()
      shown = []
      coming = null
      state.set(EMPTY_WINDOW)
    },
  }
}

function stopAll(entries: readonly Entry[]): void {
  for (const { stop } of entries) stop()
}

function nothing(): void {}
