import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wordsOf } from '../../src/log/words.ts'
import { findMatches, scoreOf } from '../../src/search/matching.ts'
import { parseQuery } from '../../src/search/search-query.ts'
import { snippetOf } from '../../src/search/snippet.ts'

const snippet = (text: string, query: string) => snippetOf(text, parseQuery(query).phrases)

test('A snippet marks every match', () => {
  expect(snippet('The cheese, the Cheese!', 'cheese')).toBe('The ⟦cheese⟧, the ⟦Cheese⟧!')
  expect(snippet('Crème brûlée', 'brulee')).toBe('Crème ⟦brûlée⟧')
  expect(snippet('A good morning to you', '"good morning"')).toBe('A ⟦good morning⟧ to you')
  expect(snippet('morning, a good one', 'morn* one')).toBe('⟦morning⟧, a good ⟦one⟧')
  expect(snippet('今天天气很好', '天气')).toBe('今天⟦天气⟧很好')
  expect(snippet('Party 🎉!', '🎉')).toBe('Party ⟦🎉⟧!')
  expect(snippet('Nothing of it', 'from:tom')).toBe('Nothing of it')
})

test('It is one line, with no marks of the text’s own, and an ellipsis where it was cut off', () => {
  expect(snippet('⟦cheese⟧\n\n<b>cheese</b>', 'cheese')).toBe('[⟦cheese⟧] <b>⟦cheese⟧</b>')
  const long = `${'before '.repeat(50)}cheese ${'after '.repeat(50)}`
  const cut = snippet(long, 'cheese')
  expect(cut).toMatch(/^…(before ){5}⟦cheese⟧( after)+…$/)
  expect(cut.length).toBeLessThanOrEqual(165)
  const amongLong = snippet(`${`${'w'.repeat(300)} `.repeat(5)}good cheese ${'after '.repeat(50)}`, 'cheese')
  expect(amongLong).toMatch(/^…good ⟦cheese⟧( after)+…$/)
  expect(amongLong.length).toBeLessThanOrEqual(165)
  expect(snippet('x'.repeat(4_000), 'from:tom')).toBe(`${'x'.repeat(160)}…`)
})

test('Whatever the text, taking the marks away leaves what it says', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.string({ unit: 'grapheme' }), (text, query) => {
      const marked = snippet(text, query)
      expect(marked.isWellFormed()).toBe(true)
      expect(marked.replaceAll(/⟦[^⟦⟧]+⟧/g, '')).not.toMatch(/[⟦⟧]/)
      const whole = text.replaceAll('⟦', '[').replaceAll('⟧', ']').replaceAll(/\s+/g, ' ')
      expect(whole).toContain(marked.replaceAll(/[⟦⟧]/g, '').replace(/^…/, '').replace(/…$/, '').trim())
    }),
  )
})

test('Matches may overlap, and what is asked for twice counts once', () => {
  const places = (text: string, query: string) =>
    findMatches(wordsOf(text), parseQuery(query).phrases).map((matches) => matches.map(({ from }) => from))

  expect(places('a a a b a', '"a a" a* "a b"*')).toEqual([[0, 1], [0, 1, 2, 4], [2]])
  expect(places('ab a b ba bab', 'b "a b" b* b B "b"*')).toEqual([[2], [1], [2, 3, 4]])
  expect(snippet('a a a b', '"a a"')).toBe('⟦a a a⟧ b')
})

test('A word is found in its text, and in any part of it that is a phrase', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), fc.nat(), fc.nat(), (text, from, count) => {
      const words = wordsOf(text)
      for (const { start, end } of words) expect(text.slice(start, end)).not.toBe('')
      if (words.length === 0) return
      const first = from % words.length
      const some = words.slice(first, first + 1 + (count % words.length))
      const phrase = { words: some.map(({ word }) => word), prefix: false }
      expect(findMatches(words, [phrase])[0]).toContainEqual({ from: first, to: first + some.length })
      expect(scoreOf(text, [phrase])).toBeGreaterThan(0)
    }),
  )
})
