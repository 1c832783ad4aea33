import { validate } from 'graphql'
import { expect, test } from 'vitest'
import { dependenceOf } from '../../src/graphql/dependence.ts'
import { schema } from '../../src/graphql/schema.ts'
import '../../web/src/client/fragments.ts'
import { Inbox } from '../../web/src/conversations/conversation-operations.ts'

test('the web client listens so that an event is executed once for all who do', () => {
  expect(validate(schema, Inbox)).toEqual([])
  expect(dependenceOf(schema, Inbox)).toEqual({ onViewer: false, onVariables: [] })
})
