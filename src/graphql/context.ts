import type { ServerResponse } from 'node:http'
import type { ActivityFeed } from '../activity/activity-feed.ts'
import type { ReadMarks } from '../activity/read-marks.ts'
import type { Typing } from '../activity/typing.ts'
import type { CredentialService } from '../auth/credential-service.ts'
import type { SessionService } from '../auth/session-service.ts'
import type { Viewer } from '../auth/viewer.ts'
import type { BlockService } from '../block/block-service.ts'
import type { ConversationService } from '../conversation/conversation-service.ts'
import type { MuteService } from '../conversation/mute-service.ts'
import type { Database } from '../database/database.ts'
import { type ChatError, unauthenticated } from '../errors.ts'
import type { BanService } from '../group/ban-service.ts'
import type { GroupService } from '../group/group-service.ts'
import type { MemberService } from '../group/member-service.ts'
import type { CursorCodec } from '../log/cursor.ts'
import type { LogReader } from '../log/reader.ts'
import type { MediaService } from '../media/media-service.ts'
import type { MentionLoaders } from '../mention/mention-loaders.ts'
import type { MessageFeed } from '../message/message-feed.ts'
import type { MessageLoaders } from '../message/message-loaders.ts'
import type { MessageService } from '../message/message-service.ts'
import type { Presence } from '../presence/presence.ts'
import type { PresenceFeed } from '../presence/presence-feed.ts'
import type { LoginGuard } from '../rates/login-guard.ts'
import type { Rates } from '../rates/rates.ts'
import type { ReactionLoaders } from '../reaction/reaction-loaders.ts'
import type { ReactionService } from '../reaction/reaction-service.ts'
import type { Line, Share, Subscriber } from '../realtime/subscriber.ts'
import type { SearchService } from '../search/search-service.ts'
import type { UserService } from '../user/user-service.ts'

/** What resolvers stand on: the same for every request. */
export interface Services {
  database: Database
  reader: LogReader
  cursors: CursorCodec
  rates: Rates
  loginGuard: LoginGuard
  presence: Presence
  presenceFeed: PresenceFeed
  sessions: SessionService
  credentials: CredentialService
  users: UserService
  blocks: BlockService
  conversations: ConversationService
  mutes: MuteService
  groups: GroupService
  groupMembers: MemberService
  bans: BanService
  media: MediaService
  messages: MessageService
  messageLoaders: MessageLoaders
  messageFeed: MessageFeed
  activityFeed: ActivityFeed
  readMarks: ReadMarks
  typing: Typing
  search: SearchService
  reactions: ReactionService
  reactionLoaders: ReactionLoaders
  mentionLoaders: MentionLoaders
}

/** Who asks, from where, and the services. */
export interface Context extends Services {
  viewer: Viewer | null
  /** Why there is no viewer, where a token was given. */
  refusal?: ChatError | undefined
  userAgent: string | null
  /** What rates know him by who isn't signed in: an IPv4 address, or an IPv6 /64. */
  network: string
  /** Rejects where the session has ended meanwhile. */
  confirmViewer?: (() => Promise<unknown>) | undefined
  /** Set for what is live: ends that in a way that tells the client to come back. */
  disconnect?: (() => void) | undefined
  /** Set where others may ask for the same, over sockets. */
  share?: Share | undefined
  /** To where the answer is written. */
  line?: Line | undefined
  /** Who listens, where the operation is a stream. */
  listener?: Pick<Subscriber, 'hasEnded' | 'isWithdrawn'> | undefined
  /** Set over HTTP. */
  request?: Request | undefined
  /** Set over HTTP: what the answer is written to. */
  res?: ServerResponse | undefined
}

/** @throws ChatError UNAUTHENTICATED where nobody is signed in */
export function requireViewer({ viewer, refusal }: Context): Viewer {
  if (!viewer) throw refusal ?? unauthenticated()
  return viewer
}
