import type { graphql as typed } from './generated/gql.ts'
import type { TypedDocumentString } from './generated/graphql.ts'

/** An operation's text, which knows its data and variables. */
export type Operation<Data, Variables> = TypedDocumentString<Data, Variables>

const fragments = new Map<string, string>()

/**
 * Types an operation: graphql(`query …`). `npm run generate` makes it known to the compiler, and nothing that it
 * generates is needed to run it. A fragment stands before what uses it.
 */
export const graphql = ((source: string) => {
  const [, fragment] = /^\s*fragment (\w+)/.exec(source) ?? []
  if (fragment) fragments.set(fragment, source)
  return [source, ...fragmentsOf(source)].join('\n')
}) as unknown as typeof typed

/** What an operation spreads, and what that spreads, each once. */
function fragmentsOf(source: string, found = new Set<string>()): Set<string> {
  for (const [, name = ''] of source.matchAll(/\.\.\.(\w+)/g)) {
    const fragment = fragments.get(name)
    if (fragment && !found.has(fragment)) fragmentsOf(fragment, found.add(fragment))
  }
  return found
}
