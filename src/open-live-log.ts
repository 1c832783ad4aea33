import type { Logger } from 'pino'
import { createDeliveredMarks, type DeliveredMarks } from './activity/delivered-marks.ts'
import type { Config } from './config.ts'
import type { Database } from './database/database.ts'
import { type CursorCodec, createCursorCodec } from './log/cursor.ts'
import { createLogReader, type LogReader } from './log/reader.ts'
import { createWriter, type Writer } from './log/writer.ts'
import type { Metrics } from './metrics/metrics.ts'
import { type OpenBus, openBus } from './realtime/open-bus.ts'
import type { RedisLink } from './realtime/redis-link.ts'
import { createRooms, type Rooms } from './realtime/rooms.ts'

/** The log, and what brings its changes to who listens here. */
export interface LiveLog {
  readonly reader: LogReader
  readonly cursors: CursorCodec
  readonly writer: Writer
  readonly nodes: OpenBus
  readonly rooms: Rooms
  readonly deliveredMarks: DeliveredMarks
  /** Resolves when nothing more is told, and what was delivered is noted. */
  close(): Promise<void>
}

/** @param deps.link instead of one to the configuration's Redis; null for a node among others without */
export async function openLiveLog(deps: {
  config: Config
  database: Database
  link: RedisLink | null | undefined
  metrics: Metrics | null
  logger: Logger
}): Promise<LiveLog> {
  const { config, database, link, metrics, logger } = deps
  const reader = createLogReader(database)
  const cursors = createCursorCodec(await reader.epoch())
  const userIds = (conversationId: string) => rooms.userIds(conversationId)
  const onCaughtUp = metrics?.cluster.caughtUp
  const nodes = await openBus({ config, link, database, reader, userIds, onCaughtUp, logger })
  const deliveredMarks = createDeliveredMarks({ database, bus: nodes.bus, logger })
  const rooms = createRooms(nodes.bus, deliveredMarks)
  const writer = createWriter(database, nodes.publish, metrics?.log)

  return {
    reader,
    cursors,
    writer,
    nodes,
    rooms,
    deliveredMarks,
    async close() {
      await deliveredMarks.close()
      await nodes.close()
    },
  }
}
