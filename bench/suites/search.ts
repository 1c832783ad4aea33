import { SEARCH } from '../lib/documents.ts'
import type { Bench, SuiteResult } from '../lib/suite.ts'
import { type Read, raceReads } from './reads.ts'

const ALL = -1
const COMMON_WORD = -1
const SMALL_GROUP = 7

/** A search for a word of one message, and for one that is in every message. */
export async function search(bench: Bench): Promise<SuiteResult> {
  const { messages } = bench.scale
  const { groupIds } = await bench.largeWorld()
  const find = (word: number, group: number): Read => ({
    query: SEARCH,
    variables: { query: word === COMMON_WORD ? 'message' : `${word}`, conversationId: groupIds[group] ?? null },
    // All messages are of the same length, so that the newest is the best.
    facts: (data) =>
      (data as SearchData).searchMessages.edges.map(({ node }) => [node.seq, node.content, node.sender.username]),
    statement: 'search',
    parameters: [word, group],
    factsOfRows: (rows) => (rows as SearchRow[]).map(({ seq, content, username }) => [seq, content, username]),
  })
  const figures = await raceReads(bench, {
    'a rare word': find(Math.floor(messages / 2), ALL),
    'a word of every message': find(COMMON_WORD, ALL),
    'a word of every message, in a conversation of 20': find(COMMON_WORD, SMALL_GROUP),
  })
  return {
    rows: Object.entries(figures).map(([what, figure]) => ({
      what: `search through ${messages.toLocaleString('en-US')} messages, ${what}: CPU`,
      against: 'the newest 50 by a prepared statement',
      unit: 'µs',
      ...figure,
      comparison: 'alone',
      reach: 10_000,
      beyond: 5_000,
    })),
  }
}

interface SearchData {
  searchMessages: { edges: { node: { seq: number; content: string; sender: { username: string } } }[] }
}

interface SearchRow {
  seq: number
  content: string
  username: string
}
