import { parse, printSchema, visit } from 'graphql'
import { expect, test } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'

test('every type, field, argument, input field and enum value is described', () => {
  const undescribed: string[] = []
  visit(parse(printSchema(schema)), {
    enter(node, _key, _parent, _path, ancestors) {
      if (!('description' in node) || node.description) return
      const names = [...ancestors, node].map((place) => ('name' in place ? place.name?.value : undefined))
      undescribed.push(names.filter(Boolean).join('.'))
    },
  })
  expect(undescribed).toEqual([])
})
