import { CONVERSATIONS } from '../lib/documents.ts'
import type { Bench, SuiteResult } from '../lib/suite.ts'
import { raceReads } from './reads.ts'

/** The list that a client opens with. */
export async function conversations(bench: Bench): Promise<SuiteResult> {
  const { list } = await raceReads(bench, {
    list: {
      query: CONVERSATIONS,
      variables: {},
      facts: (data) =>
        (data as ConversationsData).conversations.edges.map(({ node: { name, unreadCount, lastMessage } }) => [
          name,
          unreadCount,
          lastMessage.content,
          lastMessage.sender.username,
        ]),
      statement: 'conversations',
      parameters: [],
      factsOfRows: (rows) =>
        (rows as ConversationRow[]).map(({ name, unreadCount, content, username }) => [
          name,
          unreadCount,
          content,
          username,
        ]),
    },
  })
  return {
    rows: [
      {
        what: `conversations (first 50, last message, unread count) of a user in ${bench.scale.conversations}: CPU`,
        against: 'the same by hand-written SQL',
        unit: 'µs',
        ours: list?.ours ?? [],
        peer: list?.peer ?? [],
        comparison: 'ratio',
        reach: 4,
        beyond: 2,
      },
    ],
  }
}

interface ConversationsData {
  conversations: {
    edges: {
      node: { name: string; unreadCount: number; lastMessage: { content: string; sender: { username: string } } }
    }[]
  }
}

interface ConversationRow {
  name: string
  unreadCount: number
  content: string
  username: string
}
