import { expect, test } from 'vitest'
import { findHandles } from '../../src/log/mention-handles.ts'

test.each([
  ['@tom', ['tom']],
  ['Hello, @Tom!', ['tom']],
  ['(@tom) "@jerry" @spike: @tyke', ['tom', 'jerry', 'spike', 'tyke']],
  ['@tom,@jerry\n@spike', ['tom', 'jerry', 'spike']],
  ['@tom’s cheese', ['tom']],
  ['... @tom', ['tom']],
  ['...@tom', ['tom']],
  ['👋@tom 👋', ['tom']],
  ['❤️@tom 1️⃣@jerry', ['tom', 'jerry']],
  ['*@tom*', ['tom']],
  ['@tom @TOM @tom', ['tom']],
  ['@tom_cat @tom-cat @tom.cat', ['tom_cat', 'tom-cat', 'tom.cat']],
  ['@tom@temp.com @jerry', ['jerry']],
])('%s names %j', (text, names) => {
  expect(findHandles(text).map(([name]) => name)).toEqual(names)
})

test.each([
  'tom',
  '@ tom',
  '@to',
  '@@tom',
  'tom@temp.com',
  'tom.cat@temp.com',
  'tom+cat@temp.com',
  'tom.@temp.com',
  'é@temp.com',
  'e\u0301@temp.com',
  '日本@temp',
  'a_@tom',
  'https://temp.com/@tom',
  '@tomé',
  '@日本',
  `@${'x'.repeat(65)}`,
  '@'.repeat(4_000),
])('%s names nobody', (text) => {
  expect(findHandles(text)).toEqual([])
})

test('what ends a sentence may end a username: the longer reading comes first', () => {
  expect(findHandles('@tom.')).toEqual([['tom.', 'tom']])
  expect(findHandles('@tom...')).toEqual([['tom...', 'tom..', 'tom']])
  expect(findHandles('@tom_-')).toEqual([['tom_-', 'tom_', 'tom']])
  expect(findHandles('@to.')).toEqual([['to.']])
  expect(findHandles(`@${'x'.repeat(32)}.`)).toEqual([['x'.repeat(32)]])
})

test('a text full of them names fifty', () => {
  const text = Array.from({ length: 60 }, (_, index) => `@tom${index}`).join(' ')
  expect(findHandles(text).map(([name]) => name)).toEqual(Array.from({ length: 50 }, (_, index) => `tom${index}`))
})
