import { readFile } from 'node:fs/promises'
import { type DocumentNode, parse, print, validate } from 'graphql'
import { formatDocument } from 'urql'
import { expect, test } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'
import * as ofTerminal from '../../terminal/generated/graphql.ts'
import * as ofWeb from '../../web/src/generated/graphql.ts'

const LIST = new URL('../../src/generated/client-operations.json', import.meta.url)

/** What codegen has found in all files of a client. */
function operationsOf(generated: object): DocumentNode[] {
  return Object.entries(generated)
    .filter(([name]) => name.endsWith('Document'))
    .map(([, document]) => (document.definitions ? document : parse(String(document))))
}

/** The same for documents that differ in their layout alone, or in the order of their fragments. */
function contentOf({ definitions }: DocumentNode): string {
  return definitions.map(print).toSorted().join('\n')
}

test('The web and terminal clients’ operations are listed for the server, all of them and nothing else', async () => {
  const web = operationsOf(ofWeb)
  const terminal = operationsOf(ofTerminal)
  expect(web.length).toBeGreaterThan(40)
  expect(terminal.length).toBeGreaterThan(15)
  const list: Record<string, string> = JSON.parse(await readFile(LIST, 'utf8'))
  const listed = Object.values(list).map((text) => parse(text))

  const sent = [...terminal, ...web, ...web.map((document) => formatDocument(document) as DocumentNode)]
  expect(new Set(listed.map(contentOf))).toEqual(new Set(sent.map(contentOf)))
  expect(listed.flatMap((document) => validate(schema, document))).toEqual([])
})
