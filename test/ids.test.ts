import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeAnyId, encodeId, encodeOpaque } from '../src/ids.ts'

const text = fc.stringMatching(/^[\w.:-]{0,80}$/)
const id = fc.stringMatching(/^[\w-]{1,64}$/)
const type = fc.constantFrom('User', 'Session', 'Group', 'DirectConversation', 'Message')

test('Ids and cursors are base64url', () => {
  fc.assert(fc.property(text, (text) => encodeOpaque(text) === Buffer.from(text).toString('base64url')))
})

test('An id says again what it stands for', () => {
  fc.assert(
    fc.property(type, id, (type, id) => {
      expect(decodeAnyId(encodeId(type, id))).toEqual({ type, id })
    }),
  )
})
