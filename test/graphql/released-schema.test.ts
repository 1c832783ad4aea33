import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { printSchema } from 'graphql'
import { expect, test } from 'vitest'
import { breakingChanges } from '../../scripts/released-schema.ts'
import { schema } from '../../src/graphql/schema.ts'

const current = printSchema(schema)
const released = readFileSync(join(import.meta.dirname, '../../schema.released.graphql'), 'utf8')

test('the schema breaks nothing that clients of the last release rely on', () => {
  expect(breakingChanges(released, current)).toEqual([])
})

test.each([
  ['a field that is gone', /\n\s+"""[^"]+"""\n\s+memberCount: Int!/, '', 'FIELD_REMOVED: Group.memberCount'],
  ['another type', 'memberCount: Int!', 'memberCount: String!', 'FIELD_CHANGED_KIND: Group.memberCount'],
  ['what may be missing now', 'memberCount: Int!', 'memberCount: Int', 'FIELD_CHANGED_KIND: Group.memberCount'],
  [
    'what must be given now',
    'clientId: String',
    'clientId: String!',
    'FIELD_CHANGED_KIND: SendDirectMessageInput.clientId',
  ],
  ['a value that is gone', /\n\s+"""[^"]+"""\n\s+PUBLIC\n/, '\n', 'VALUE_REMOVED_FROM_ENUM: PUBLIC'],
])('%s breaks it', (_what, was, is, complaint) => {
  const changed = current.replace(was, is)
  expect(changed).not.toBe(current)

  expect(breakingChanges(current, changed)).toEqual([expect.stringMatching(new RegExp(`^${complaint}`))])
})

test('what is added or deprecated breaks nothing', () => {
  const changed = current.replace('memberCount: Int!', 'memberCount: Int! @deprecated(reason: "Counted")\nmore: Int')

  expect(breakingChanges(current, changed)).toEqual([])
})
