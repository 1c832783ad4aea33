import { hash } from 'node:crypto'
import { glob, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { DocumentNode } from 'graphql'
import { formatDocument, stringifyDocument } from 'urql'

const ROOT = join(import.meta.dirname, '..')
const LIST = join(ROOT, 'src/generated/client-operations.json')

/** Writes what the server takes from its own clients where it takes listed operations alone: each text by its hash. */
export async function writeClientOperations(): Promise<void> {
  const texts = [...(await terminalOperations()), ...(await webOperations())]
  await mkdir(dirname(LIST), { recursive: true })
  const list = Object.fromEntries(texts.map((text) => [`sha256:${hash('sha256', text)}`, text]))
  await writeFile(LIST, `${JSON.stringify(list, null, 2)}\n`)
}

/** The terminal client sends what is written. */
async function terminalOperations(): Promise<string[]> {
  const texts = await exportsOf('terminal/operations.ts')
  return texts.filter((text) => typeof text === 'string')
}

/**
 * The web client sends what urql prints, with a __typename in each selection that comes through the cache: all does of
 * somebody who is signed in.
 */
async function webOperations(): Promise<string[]> {
  const documents: DocumentNode[] = []
  for await (const path of glob('web/src/**/*-operations.ts', { cwd: ROOT })) {
    documents.push(...((await exportsOf(path)) as DocumentNode[]))
  }
  return documents
    .filter(isOperation)
    .flatMap((document) => [document, formatDocument(document) as DocumentNode].map(stringifyDocument))
}

async function exportsOf(path: string): Promise<unknown[]> {
  return Object.values(await import(pathToFileURL(join(ROOT, path)).href))
}

function isOperation({ definitions }: DocumentNode): boolean {
  return definitions.some(({ kind }) => kind === 'OperationDefinition')
}
