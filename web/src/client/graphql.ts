import { gql } from 'urql'
import type { graphql as typed } from '../generated/gql.ts'

const fragments = new Map<string, string>()

/**
 * Reads an operation or a fragment, typed by what `npm run generate` makes of it. Nothing of what that writes is in the
 * page: a fragment is known by its name to whatever is read after it.
 * @throws Error on a fragment that hasn't been read yet
 */
export const graphql = read as typeof typed

function read(source: string): unknown {
  const [, name] = /^\s*fragment (\w+)/.exec(source) ?? []
  if (name) fragments.set(name, source)
  return gql([source, ...fragmentsOf(source)].join('\n'))
}

function fragmentsOf(source: string, found = new Map<string, string>()): Iterable<string> {
  for (const [, name = ''] of source.matchAll(/\.\.\.\s*(?!on\b)(\w+)/g)) {
    if (found.has(name)) continue
    const fragment = fragments.get(name)
    if (!fragment) throw new Error(`The fragment ${name} isn’t known yet: import its file first.`)
    found.set(name, fragment)
    fragmentsOf(fragment, found)
  }
  return found.values()
}
