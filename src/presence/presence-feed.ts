import DataLoader from 'dataloader'
import type { Viewer } from '../auth/viewer.ts'
import type { Database } from '../database/database.ts'
import { valuesAtLeastOnce } from '../database/sql-connection.ts'
import { badInput } from '../errors.ts'
import { Prisma, type User } from '../generated/prisma/client.ts'
import { findBlocked } from '../log/blocked-pairs.ts'
import { inList } from '../log/message-sql.ts'
import type { Bus } from '../realtime/bus.ts'
import type { Presence } from './presence.ts'
import { type Appearance, type PresenceState, PresenceWatcher } from './presence-watcher.ts'

const MOST_WATCHED = 200 // users in one subscription

/**
 * What people see of each other's coming and going: those who share a conversation, unless one has blocked the other,
 * and everyone of himself. To all others one is offline, and was never seen.
 */
export interface PresenceFeed {
  /** How one user appears to another, or to nobody. What is asked for in one tick is one query. */
  look(viewer: Viewer | null, user: User): Promise<PresenceState>
  /**
   * The users whose presence the viewer may see: each as he is now, then whenever he comes or goes. Who becomes
   * visible later is told of then; who is no longer visible is told of as offline, once.
   * @throws ChatError BAD_USER_INPUT where they are too many
   */
  watch(viewer: Viewer, userIds: readonly string[]): PresenceWatcher
}

interface Look {
  viewerId: string
  userId: string
}

export function createPresenceFeed(deps: { database: Database; presence: Presence; bus: Bus }): PresenceFeed {
  const { presence, bus } = deps
  const { readSql } = deps.database
  /** What was read together with a row, for as long as that is in use. */
  const known = new WeakMap<User, PresenceState>()

  const visible = uncached<Look, boolean>(async (looks) => {
    const pairs = looks.map(({ viewerId, userId }) => [viewerId, userId] as const)
    const isBlocked = await findBlocked(readSql, pairs)
    const shared = await readSql.all<Look>(Prisma.sql`
      SELECT k.column1 AS "viewerId", k.column2 AS "userId" FROM (${valuesAtLeastOnce(pairs)}) k WHERE EXISTS (
        SELECT 1 FROM "Member" mine JOIN "Member" his ON his."conversationId" = mine."conversationId"
        WHERE mine."userId" = k.column1 AND his."userId" = k.column2)`)
    const sharing = new Set(shared.map(({ viewerId, userId }) => `${viewerId} ${userId}`))
    return pairs.map((pair) => pair[0] === pair[1] || (sharing.has(pair.join(' ')) && !isBlocked(pair)))
  })
  const online = uncached<string, boolean>(async (userIds) => {
    const found = await presence.online([...new Set(userIds)])
    return userIds.map((userId) => found.has(userId))
  })

  const users = uncached<string, User | undefined>(async (userIds) => {
    const rows = await readSql.all<User>(
      Prisma.sql`SELECT u.* FROM "User" u WHERE ${inList(Prisma.sql`u."id"`, userIds)}`,
    )
    const byId = new Map(rows.map((user) => [user.id, user]))
    return userIds.map((userId) => byId.get(userId))
  })

  async function look(viewer: Viewer | null, user: User): Promise<PresenceState> {
    if (!viewer) return UNSEEN
    const remembered = known.get(user)
    if (remembered) return remembered
    const isOnline = await online.load(user.id)
    // To nobody he is more than that.
    if (!isOnline && !user.lastSeenAt) return UNSEEN
    if (!(await visible.load({ viewerId: viewer.userId, userId: user.id }))) return UNSEEN
    return isOnline ? { online: true, lastSeenAt: null } : { online: false, lastSeenAt: user.lastSeenAt }
  }

  async function appearance({ userId: viewerId }: Viewer, userId: string): Promise<Appearance[]> {
    const isVisible = await visible.load({ viewerId, userId })
    const isOnline = isVisible && (await online.load(userId))
    const row = await users.load(userId)
    if (!row) return []
    // A row of this listener's own, which goes with how he sees it.
    const user = { ...row }
    const state = isVisible ? { online: isOnline, lastSeenAt: isOnline ? null : row.lastSeenAt } : UNSEEN
    known.set(user, state)
    return [{ user, state, isVisible }]
  }

  return {
    look,
    watch(viewer, userIds) {
      const watched = new Set(userIds)
      if (watched.size > MOST_WATCHED) {
        throw badInput('userIds', `Ask for at most ${MOST_WATCHED} users in one subscription.`)
      }
      const look = async (userIds: readonly string[]) =>
        (await Promise.all(userIds.map((userId) => appearance(viewer, userId)))).flat()
      return new PresenceWatcher({ viewerId: viewer.userId, userIds: watched, bus, presence, look })
    },
  }
}

const UNSEEN: PresenceState = { online: false, lastSeenAt: null }

function uncached<Key, Value>(load: (keys: readonly Key[]) => Promise<Value[]>) {
  return new DataLoader<Key, Value>(load, { cache: false, maxBatchSize: 500 })
}
