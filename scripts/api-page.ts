import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { schema } from '../src/graphql/schema.ts'
import { type Example, readExamples } from './api-examples.ts'
import { printApi } from './api-markdown.ts'
import { tellStory } from './tell-story.ts'

const DOCS = join(import.meta.dirname, '../docs')

export const API_PAGE = join(DOCS, 'API.md')

/** An example of each operation, and what else it needs, in the order in which they can be told to a server. */
export async function apiExamples(): Promise<Example[]> {
  return readExamples(await readFile(join(DOCS, 'api/examples.graphql'), 'utf8'))
}

/** The codes of errors that are an operation's own, each by an operation that a fresh server refuses with it. */
export async function apiRefusals(): Promise<Example[]> {
  return readExamples(await readFile(join(DOCS, 'api/refusals.graphql'), 'utf8'))
}

/** The schema's operations, each with an example and what a fresh server answers to it. */
export async function makeApiPage(): Promise<string> {
  const introduction = await readFile(join(DOCS, 'api/introduction.md'), 'utf8')
  const stories = [await apiExamples(), await apiRefusals()]
  const [told, refused] = await Promise.all(stories.map(tellStory))
  return printApi(schema, introduction.replaceAll('](../', ']('), told ?? new Map(), refused ?? new Map())
}
