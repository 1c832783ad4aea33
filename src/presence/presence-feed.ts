import type { Viewer } from '../auth/viewer.ts'
import type { Database } from '../database/database.ts'
import { badInput } from '../errors.ts'
import type { User } from '../generated/prisma/client.ts'
import type { Bus } from '../realtime/bus.ts'
import type { Presence } from './presence.ts'
import { createPresenceHints } from './presence-hints.ts'
import { createPatientLoaders, createPresenceLoaders } from './presence-loaders.ts'
import { type Appearance, type PresenceState, PresenceWatcher } from './presence-watcher.ts'

const UNSEEN: PresenceState = { online: false, lastSeenAt: null }
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

export function createPresenceFeed(deps: { database: Database; presence: Presence; bus: Bus }): PresenceFeed {
  const { database, presence, bus } = deps
  const hints = createPresenceHints(bus)
  const loaders = createPresenceLoaders(database, presence)
  const patient = createPatientLoaders(database, presence)
  /** How a listener was told that a user appears, for as long as that row is in use. */
  const told = new WeakMap<User, PresenceState>()

  async function findAppearance({ userId: viewerId }: Viewer, userId: string): Promise<Appearance | null> {
    const isVisible = await patient.isVisible(viewerId, userId)
    const isOnline = isVisible && (await patient.isOnline(userId))
    const row = await patient.user(userId)
    if (!row) return null
    // A row of this listener's own.
    const user = { ...row }
    const state = isVisible ? { online: isOnline, lastSeenAt: isOnline ? null : row.lastSeenAt } : UNSEEN
    told.set(user, state)
    return { user, state, isVisible }
  }

  return {
    async look(viewer, user) {
      if (!viewer) return UNSEEN
      const known = told.get(user)
      if (known) return known
      const online = await loaders.isOnline(user.id)
      // To nobody he is more than that.
      if (!online && !user.lastSeenAt) return UNSEEN
      if (!(await loaders.isVisible(viewer.userId, user.id))) return UNSEEN
      return { online, lastSeenAt: online ? null : user.lastSeenAt }
    },

    watch(viewer, userIds) {
      const watched = new Set(userIds)
      if (watched.size > MOST_WATCHED) {
        throw badInput('userIds', `Ask for at most ${MOST_WATCHED} users in one subscription.`)
      }
      const look = async (ids: readonly string[]) => {
        const found = await Promise.all(ids.map((userId) => findAppearance(viewer, userId)))
        return found.filter((appearance) => appearance !== null)
      }
      return new PresenceWatcher({ viewerId: viewer.userId, userIds: watched, hints, presence, look })
    },
  }
}
