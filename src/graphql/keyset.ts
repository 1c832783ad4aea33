import { parseCursorConnectionArgs } from '@pothos/plugin-relay'
import { badInput } from '../errors.ts'
import { encodeOpaque } from '../ids.ts'
import { checkPage, DEFAULT_PAGE, LARGEST_PAGE, type PageArgs } from './pages.ts'

/** How a list is ordered: what a row's cursor holds, and what any cursor of this list looks like. */
export interface ListOrder<Row> {
  /** Of the characters that `encodeOpaque` takes. */
  keyOf(row: Row): string
  /** Its groups are what `load` is handed. */
  pattern: RegExp
}

/** What to load: up to `limit` rows between two keys, both excluded, from the list's end backwards where `inverted`. */
export interface KeyRange {
  after: string[] | null
  before: string[] | null
  limit: number
  inverted: boolean
}

/**
 * A page of a list in a unique order. Its cursors hold the keys themselves, so that a page goes on where the
 * last one ended even when that row has gone since.
 * @throws ChatError BAD_USER_INPUT on a page that can't be, or a cursor of another list
 */
export async function resolveKeyset<Row>(
  args: PageArgs,
  { keyOf, pattern }: ListOrder<Row>,
  load: (range: KeyRange) => Promise<Row[]>,
) {
  const { first = null, last = null, after = null, before = null } = checkPage(args)
  const page = parseCursorConnectionArgs({
    args: { first, last, after, before },
    defaultSize: DEFAULT_PAGE,
    maxSize: LARGEST_PAGE,
  })
  const { limit, inverted } = page
  const decode = (cursor: string | null, field: 'after' | 'before') => {
    if (!cursor) return null
    const match = pattern.exec(Buffer.from(cursor, 'base64url').toString())
    if (!match) throw badInput(field, `${field} must be a cursor of this list.`)
    return match.slice(1)
  }
  const rows = await load({ after: decode(after, 'after'), before: decode(before, 'before'), limit, inverted })
  const edges = rows.slice(0, page.expectedSize).map((node) => ({ cursor: encodeOpaque(keyOf(node)), node }))
  if (inverted) edges.reverse()
  return {
    edges,
    pageInfo: {
      hasNextPage: page.hasNextPage(rows.length),
      hasPreviousPage: page.hasPreviousPage(rows.length),
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}
