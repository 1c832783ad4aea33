import type { Cache } from '@urql/exchange-graphcache'
import { BlockedUsers } from '../profile/block-operations.ts'
import type { User } from './fragments.ts'

/** Puts somebody among those whom the viewer has blocked, or takes him out. */
export function applyBlock(cache: Cache, user: User, isBlocked: boolean): void {
  cache.updateQuery({ query: BlockedUsers }, (data) => {
    if (!data) return data
    const { blockedUsers } = data
    const others = blockedUsers.edges.filter(({ node }) => node.id !== user.id)
    const own = { __typename: 'QueryBlockedUsersConnectionEdge' as const, node: user }
    return { ...data, blockedUsers: { ...blockedUsers, edges: isBlocked ? [own, ...others] : others } }
  })
}
