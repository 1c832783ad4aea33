import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Prisma } from '../../src/generated/prisma/client.ts'
import { decodeId } from '../../src/ids.ts'
import { findMessages } from '../../src/log/message-search.ts'
import type { Phrase } from '../../src/log/word-index.ts'
import { wordsOf } from '../../src/log/words.ts'
import { findMatches } from '../../src/search/matching.ts'
import { parseQuery } from '../../src/search/search-query.ts'
import { deleteGroup } from '../group/operations.ts'
import { deleteMessage, editMessage, newGroup, sendToGroup } from '../support/messages.ts'
import { seededRandom } from '../support/random.ts'
import { startServer, type TestServer, type TestUser } from '../support/testkit.ts'

const VOCABULARY = ['cheese', 'Mouse', 'mousetrap', 'brûlée', '天气', '今天', '🎉', 'the', 'don’t', '7']

/** What the index says, of all conversations. */
async function indexed({ app }: TestServer, phrases: Phrase[], conversationIds: string[]) {
  const { readSql } = app.services.database
  const upTo = await app.services.reader.head()
  const rows = await findMessages(readSql, { phrases, senderIds: [], conversationIds, upTo, limit: 500 })
  return rows.map(({ content }) => content)
}

test('The index is in step with any sends, edits and deletions', { timeout: 60_000 }, async () => {
  const random = seededRandom()
  const server = await startServer()
  const tom = await server.register('tom')
  const words = (count: number) => Array.from({ length: count }, () => VOCABULARY[random.below(VOCABULARY.length)])
  const anyText = () => words(1 + random.below(6)).join(random.oneIn(3) ? '' : ' ')
  const groups: string[] = []
  for (const name of ['A', 'B', 'C']) groups.push((await tom.request(newGroup, { name })).createGroup.group.id)

  const said = new Map<string, { groupId: string; content: string }>()
  async function say() {
    const [groupId = '', content] = [groups[random.below(groups.length)], anyText()]
    const { sendGroupMessage } = await tom.request(sendToGroup, { input: { groupId, content } })
    said.set(sendGroupMessage.message.id, { groupId, content })
  }
  for (let round = 0; round < 15; round++) {
    await Promise.all(Array.from({ length: 1 + random.below(8) }, say))
    const [messageId = '', message] = [...said][random.below(said.size)] ?? []
    if (random.oneIn(3)) {
      await tom.request(deleteMessage, { messageId })
      said.delete(messageId)
    } else if (message) {
      message.content = anyText()
      await tom.request(editMessage, { messageId, content: message.content })
    }
    if (round === 10) {
      const [groupId = ''] = groups.splice(0, 1)
      await tom.request(deleteGroup, { groupId })
      for (const [id, { groupId: of }] of said) if (of === groupId) said.delete(id)
    }
  }

  const conversationIds = groups.map((id) => decodeId(id, 'Group', 'id'))
  for (const query of [...VOCABULARY, 'm*', 'mo*', 'mou*', '"the cheese"', 'the cheese', '"天 气今"', 'mouse brulee']) {
    const { phrases } = parseQuery(query)
    const expected = [...said.values()].filter(({ content }) =>
      findMatches(wordsOf(content), phrases).every(({ length }) => length > 0),
    )
    const contents = await indexed(server, phrases, conversationIds)
    expect(contents.toSorted(), query).toEqual(expected.map(({ content }) => content).toSorted())
  }
  expect(said.size).toBeGreaterThan(0)
  const [{ count = 0 } = {}] = await server.app.services.database.readSql.all<{ count: bigint }>(
    Prisma.sql`SELECT count(*) AS "count" FROM "MessageSearch"`,
  )
  expect(Number(count)).toBe(said.size)
})

test('No input makes the index fail, and what it finds holds what was asked for', { timeout: 60_000 }, async () => {
  const { server, tom, groupId } = await tomsGroup()
  const text = fc
    .string({ unit: 'grapheme', maxLength: 40 })
    .filter((string) => /\S/.test(string) && !/\0/.test(string))
  const syntax = fc.constantFrom(
    '"',
    '*',
    ' ',
    'AND',
    'NOT ',
    'NEAR(',
    ')',
    '^',
    ':',
    '+',
    '{words}',
    'c:',
    'from:',
    "'",
    '\\',
  )
  const odd = fc.array(fc.oneof(syntax, text), { minLength: 1, maxLength: 12 }).map((parts) => parts.join(''))
  const conversationIds = [decodeId(groupId, 'Group', 'id')]

  await fc.assert(
    fc.asyncProperty(text, odd, async (content, query) => {
      await tom.request(sendToGroup, { input: { groupId, content } })
      const { phrases } = parseQuery(query)
      for (const found of phrases.length > 0 ? await indexed(server, phrases, conversationIds) : []) {
        expect(findMatches(wordsOf(found), phrases)).not.toContainEqual([])
      }
      // A text is found by itself, whatever it is.
      const words = wordsOf(content).map(({ word }) => word)
      if (words.length === 0) return
      expect(await indexed(server, [{ words, prefix: false }], conversationIds)).toContain(content)
    }),
    { numRuns: 50 },
  )
})

async function tomsGroup() {
  const server = await startServer()
  const tom: TestUser = await server.register('tom')
  const { createGroup } = await tom.request(newGroup, { name: 'House' })
  return { server, tom, groupId: createGroup.group.id }
}
