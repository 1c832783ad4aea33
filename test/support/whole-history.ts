import type { GroupHistoryQuery } from '../generated/graphql.ts'
import { groupHistory } from './messages.ts'
import type { TestUser } from './testkit.ts'

type Page = NonNullable<GroupHistoryQuery['group']>

/** All messages of a group, in the history's order, read page by page. */
export async function wholeHistory(reader: TestUser, groupId: string) {
  const messages: Page['messages']['edges'][number]['node'][] = []
  let after: string | null = null
  do {
    const answer: GroupHistoryQuery = await reader.request(groupHistory, { id: groupId, first: 200, after })
    if (!answer.group) throw new Error('The group is gone')
    const { edges, pageInfo } = answer.group.messages
    messages.push(...edges.map(({ node }) => node))
    after = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null
  } while (after)
  return messages
}
