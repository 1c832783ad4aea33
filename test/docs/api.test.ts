import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { API_PAGE, apiExamples, makeApiPage } from '../../scripts/api-page.ts'
import { schema } from '../../src/graphql/schema.ts'

test('Every operation has an example, in docs/api/examples.graphql', async () => {
  const examples = await apiExamples()
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  const fields = roots.flatMap((root) => Object.keys(root?.getFields() ?? {}))

  expect(new Set(examples.map(({ field }) => field))).toEqual(new Set(fields))
  for (const { text } of examples) expect(validate(schema, parse(text)), text).toEqual([])
})

test('Every code that the server gives its errors is explained', async () => {
  const source = await readFile(join(import.meta.dirname, '../../src/errors.ts'), 'utf8')
  const [, union = ''] = /type ErrorCode =([^;]*?)\n\n/.exec(source) ?? []
  const codes = union.match(/[A-Z_]+/g) ?? []
  const page = await readFile(API_PAGE, 'utf8')

  expect(codes).toContain('NOT_FOUND')
  expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([])
})

test('docs/API.md is what the schema says and a server answers: npm run generate', { timeout: 240_000 }, async () => {
  expect(await readFile(API_PAGE, 'utf8')).toBe(await makeApiPage())
})
