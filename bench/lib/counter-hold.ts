import { randomUUID } from 'node:crypto'
import { type Database, openDatabase } from '../../src/database/database.ts'
import type { SqlConnection } from '../../src/database/sql-connection.ts'
import type { Draft } from '../../src/log/draft.ts'
import { insertDrafts } from '../../src/log/insert-drafts.ts'
import { memberOf, smallGroup } from './cluster-world.ts'
import { messageContent } from './crowd.ts'
import { median } from './rounds.ts'
import { groupKey, userKey } from './world.ts'

const WARM_UPS = 10 // transactions
const COUNTER = 'UPDATE "Log"'

/** For how long a transaction that stores a group of messages keeps all others from the log's counter. */
export interface Hold {
  /** Messages. */
  group: number
  /** ms before it takes the counter. */
  before: number
  /** ms from there to the commit's end. */
  hold: number
  /** ms of the commit alone. */
  commit: number
}

/** The medians of so many transactions of each size. @param url of a database of `createClusterWorld` */
export async function measureHolds(
  url: string,
  { groups, transactions, users }: { groups: number[]; transactions: number; users: number },
): Promise<Hold[]> {
  const database = await openDatabase(url)
  try {
    const holds: Hold[] = []
    for (const group of groups) {
      const drafts = () => Array.from({ length: group }, (_, index) => draftOf(index, users))
      for (let warmUp = 0; warmUp < WARM_UPS; warmUp++) await storeGroup(database, drafts())
      const stored: Omit<Hold, 'group'>[] = []
      for (let transaction = 0; transaction < transactions; transaction++) {
        stored.push(await storeGroup(database, drafts()))
      }
      const of = (name: keyof Omit<Hold, 'group'>) => median(stored.map((one) => one[name]))
      holds.push({ group, before: of('before'), hold: of('hold'), commit: of('commit') })
    }
    return holds
  } finally {
    await database.close()
  }
}

function draftOf(index: number, users: number): Draft {
  return {
    conversationId: groupKey(smallGroup(index)),
    senderId: userKey(memberOf(index, users)),
    peerId: null,
    kind: 'TEXT',
    content: messageContent(index),
    mediaUrl: null,
    replyToId: null,
    clientId: randomUUID(),
  }
}

async function storeGroup(database: Database, drafts: Draft[]): Promise<Omit<Hold, 'group'>> {
  const begin = performance.now()
  let taken = NaN
  const stored = await database.writeSql(
    async (sql) => {
      const watched: SqlConnection = {
        ...sql,
        async all<Row>(statement: Parameters<SqlConnection['all']>[0]) {
          const rows = await sql.all<Row>(statement)
          if (statement.sql.startsWith(COUNTER)) taken = performance.now()
          return rows
        },
      }
      for (const outcome of await insertDrafts(watched, drafts, [])) if ('error' in outcome) throw outcome.error
      return performance.now()
    },
    { log: 'append' },
  )
  const end = performance.now()
  return { before: taken - begin, hold: end - taken, commit: end - stored }
}
