import { badInput } from '../errors.ts'

export const DEFAULT_PAGE = 50
export const LARGEST_PAGE = 200

/** Relay's arguments of a list. */
export interface PageArgs {
  first?: number | null | undefined
  last?: number | null | undefined
  after?: string | null | undefined
  before?: string | null | undefined
}

/** @throws ChatError BAD_USER_INPUT on a page that can't be: too large, negative, or from both ends at once */
export function checkPage<Args extends PageArgs>(args: Args): Args {
  for (const field of ['first', 'last'] as const) {
    const size = args[field]
    if (size != null && (size < 0 || size > LARGEST_PAGE)) {
      throw badInput(field, `${field} must be 0 to ${LARGEST_PAGE}: ask for the next page with a cursor.`)
    }
  }
  if (args.first != null && args.last != null) throw badInput('last', 'Pass either first or last, not both.')
  return args
}
