import { HISTORY } from '../lib/documents.ts'
import type { Bench, SuiteResult } from '../lib/suite.ts'
import { type Read, raceReads } from './reads.ts'

/** A page of fifty messages with their senders, at several depths of a long conversation. */
export async function history(bench: Bench): Promise<SuiteResult> {
  const { messages } = bench.scale
  const { groupIds } = await bench.largeWorld()
  const page = (beforeSeq: number): Read => ({
    query: HISTORY,
    variables: { groupId: groupIds[0], before: Buffer.from(`seq:${beforeSeq}`).toString('base64url') },
    facts: (data) =>
      (data as HistoryData).group.messages.edges.map(({ node }) => [node.seq, node.content, node.sender.username]),
    statement: 'history',
    parameters: [beforeSeq],
    factsOfRows: (rows) =>
      (rows as HistoryRow[]).toReversed().map(({ seq, content, username }) => [seq, content, username]),
  })
  const figures = await raceReads(bench, {
    'at the newest end': page(messages + 1),
    'in the middle': page(Math.floor(messages / 2)),
    'at the oldest end': page(51),
  })
  return {
    rows: Object.entries(figures).map(([depth, figure]) => ({
      what: `a page of 50 out of ${messages.toLocaleString('en-US')} messages, ${depth}: CPU`,
      against: 'the same rows by a prepared statement',
      unit: 'µs',
      ...figure,
      comparison: 'ratio',
      reach: 3.5,
      beyond: 1.5,
    })),
  }
}

interface HistoryData {
  group: { messages: { edges: { node: { seq: number; content: string; sender: { username: string } } }[] } }
}

interface HistoryRow {
  seq: number
  content: string
  username: string
}
