import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, validate } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { z } from 'zod'
import { refusedOperation, StartError } from '../errors.ts'
import { schema } from './schema.ts'

/** What the web and terminal clients of this version send: scripts/client-operations.ts writes it. */
const OWN_CLIENTS = join(import.meta.dirname, '../generated/client-operations.json')

const listOfOperations = z.record(z.string(), z.string())

/** What of a request says which operation it means, as it came. */
export interface OperationReference {
  query?: unknown
  /** As in the GraphQL over HTTP specification's appendix on persisted documents. */
  documentId?: unknown
  /** With Apollo's and urql's `persistedQuery: { sha256Hash }`. */
  extensions?: unknown
}

export interface PersistedOperations {
  /**
   * The text of a listed operation: that of its hash, or, where the text itself was sent, exactly this one.
   * @throws ChatError OPERATION_NOT_LISTED on anything else
   */
  textOf(reference: OperationReference): string
}

/**
 * The only operations that may run: the server's own clients', and those of a JSON file of texts by their hashes.
 * @throws StartError where it can't be read, is no such file, or has operations that the schema doesn't allow
 */
export async function loadPersistedOperations(path: string): Promise<PersistedOperations> {
  const texts = new Map<string, string>()
  for (const file of [OWN_CLIENTS, path]) {
    for (const [hash, text] of Object.entries(await readList(file))) {
      requireValid(file, hash, text)
      texts.set(bareHash(hash), text)
    }
  }
  const listed = new Set(texts.values())

  return {
    textOf(reference) {
      const hash = hashOf(reference)
      const text = hash === undefined ? undefined : texts.get(bareHash(hash))
      if (text !== undefined) return text
      const { query } = reference
      if (typeof query === 'string' && listed.has(query)) return query
      const message = 'This server runs the operations of known clients alone, and this is none of them.'
      throw refusedOperation('OPERATION_NOT_LISTED', message)
    },
  }
}

/** Puts in the texts of operations that come over HTTP by their hashes, and refuses those that aren't listed. */
export function usePersistedOperations(persisted: PersistedOperations): Plugin {
  return {
    onParams({ params, request, setParams }) {
      const { documentId = idInUrl(request), ...known } = params as typeof params & OperationReference
      setParams({ ...known, query: persisted.textOf({ ...known, documentId }) })
    },
  }
}

async function readList(path: string): Promise<Record<string, string>> {
  const wrong = (fault: string) => unusable(path, fault)
  let content: unknown
  try {
    content = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw wrong(error instanceof SyntaxError ? 'is no JSON' : `can’t be read (${(error as Error).message})`)
  }
  const { success, data } = listOfOperations.safeParse(content)
  if (!success) throw wrong('must hold one JSON object, of operations by their hashes')
  return data
}

function requireValid(path: string, hash: string, text: string): void {
  try {
    const [error] = validate(schema, parse(text))
    if (error) throw error
  } catch (error) {
    throw unusable(path, `has an operation that can’t run, ${hash}: ${(error as Error).message}`)
  }
}

function unusable(path: string, fault: string): StartError {
  const advice = path === OWN_CLIENTS ? ' npm ci writes that file anew.' : ''
  return new StartError(`PERSISTED_OPERATIONS: ${path} ${fault.replace(/\.?$/, '.')}${advice}`)
}

function hashOf({ documentId, extensions }: OperationReference): string | undefined {
  if (typeof documentId === 'string') return documentId
  const hash = (extensions as { persistedQuery?: { sha256Hash?: unknown } } | null | undefined)?.persistedQuery
    ?.sha256Hash
  return typeof hash === 'string' ? hash : undefined
}

/** Codegen and the specification write the algorithm before it, Apollo doesn't. */
function bareHash(hash: string): string {
  return hash.replace(/^sha256:/, '')
}

function idInUrl({ method, url }: Request): string | undefined {
  return (method === 'GET' && new URL(url).searchParams.get('documentId')) || undefined
}
