import type { Logger } from 'pino'
import { createActivityFeed } from './activity/activity-feed.ts'
import { createReadMarks } from './activity/read-marks.ts'
import { createTyping } from './activity/typing.ts'
import { createCredentialService } from './auth/credential-service.ts'
import { createPasswords, type Passwords } from './auth/passwords.ts'
import { createSessionService } from './auth/session-service.ts'
import { createBlockService } from './block/block-service.ts'
import type { Config } from './config.ts'
import { createConversationService } from './conversation/conversation-service.ts'
import { createMuteService } from './conversation/mute-service.ts'
import type { Database } from './database/database.ts'
import type { Services } from './graphql/context.ts'
import { createBanService } from './group/ban-service.ts'
import { createGroupService } from './group/group-service.ts'
import { createMemberService } from './group/member-service.ts'
import type { MediaService } from './media/media-service.ts'
import { createMentionLoaders } from './mention/mention-loaders.ts'
import { createMessageFeed } from './message/message-feed.ts'
import { createMessageLoaders } from './message/message-loaders.ts'
import { createMessageService } from './message/message-service.ts'
import type { LiveLog } from './open-live-log.ts'
import { createPresence } from './presence/presence.ts'
import { createPresenceFeed } from './presence/presence-feed.ts'
import { createMemoryLeases } from './presence/presence-leases.ts'
import { createRedisLeases } from './presence/redis-leases.ts'
import { createCounts } from './rates/counts.ts'
import { createLoginGuard } from './rates/login-guard.ts'
import { createRates } from './rates/rates.ts'
import { createReactionLoaders } from './reaction/reaction-loaders.ts'
import { createReactionService } from './reaction/reaction-service.ts'
import { createSearchService } from './search/search-service.ts'
import { createLastSeen } from './user/last-seen.ts'
import { createUserService } from './user/user-service.ts'

export interface OpenServices {
  readonly services: Services
  readonly passwords: Passwords
  /** Resolves when who was here has been noted as gone, and nothing runs any more. */
  close(): Promise<void>
}

/** What the server can do, each feature's rules with what they stand on. */
export async function openServices(deps: {
  config: Config
  database: Database
  jwtSecret: string
  media: MediaService
  live: LiveLog
  logger: Logger
}): Promise<OpenServices> {
  const { config, database, jwtSecret, media, live, logger } = deps
  const { limits } = config
  const { reader, cursors, writer, nodes, rooms, deliveredMarks } = live
  const { bus, link } = nodes

  const sharedCounts = link && (await import('./rates/redis-counts.ts')).createRedisCounts(link)
  const rates = createRates(config.rates, sharedCounts)
  const loginGuard = createLoginGuard(config.rates, () => createCounts(sharedCounts))
  const passwords = createPasswords({ cost: config.passwordCost })
  const sessions = await createSessionService({
    database,
    bus,
    jwtSecret,
    isAlone: !nodes.isCluster,
    onFault: (error) => logger.error({ err: error }, 'Expired sessions were not deleted'),
  })
  const users = createUserService({ database, writer, passwords, sessions, loginGuard })
  const conversations = createConversationService({ database })
  const typing = createTyping({ database, bus, conversations, limits })
  const presence = createPresence({
    leases: link ? createRedisLeases(link, { timeToLive: config.presenceLease }) : createMemoryLeases(),
    bus,
    grace: config.presenceGrace,
    onDisconnected: typing.disconnected,
    markSeen: createLastSeen(database).mark,
    onFault: (error) => logger.error({ err: error }, 'Who has come or gone was not noted'),
  })
  nodes.onReunion(presence.reunite)

  return {
    services: {
      database,
      reader,
      cursors,
      rates,
      loginGuard,
      presence,
      presenceFeed: createPresenceFeed({ database, presence, bus }),
      sessions,
      credentials: createCredentialService({ database, passwords, sessions, loginGuard }),
      users,
      blocks: createBlockService({ database, writer, bus }),
      mutes: createMuteService(database),
      conversations,
      groups: createGroupService({ writer }),
      groupMembers: createMemberService({ writer }),
      bans: createBanService({ database, writer }),
      media,
      messages: createMessageService({ database, reader, writer, rates }),
      messageLoaders: createMessageLoaders(database, reader),
      messageFeed: createMessageFeed({ database, reader, cursors, bus, rooms, deliveredMarks, limits }),
      activityFeed: createActivityFeed({ database, bus, conversations }),
      readMarks: createReadMarks({ database, bus }),
      typing,
      search: createSearchService({ database, reader, conversations }),
      reactions: createReactionService({ writer }),
      reactionLoaders: createReactionLoaders(database),
      mentionLoaders: createMentionLoaders(database),
    },
    passwords,
    async close() {
      await presence.close()
      await media.close()
      await sessions.close()
      await passwords.close()
      typing.close()
    },
  }
}
