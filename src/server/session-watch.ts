import type { Logger } from 'pino'
import type { SessionService } from '../auth/session-service.ts'
import type { Connections } from './connections.ts'

/** Sees to it that connections close whose session was ended at another node, even if nobody heard of it. */
export interface SessionWatch {
  /** Looks at once. */
  look(): void
  close(): void
}

export function watchSessions(options: {
  connections: Pick<Connections, 'sessionIds' | 'endSessions'>
  sessions: Pick<SessionService, 'findEnded'>
  logger: Logger
  interval?: number // ms between two looks
}): SessionWatch {
  const { connections, sessions, logger, interval = 5_000 } = options
  let isLooking = false
  let isFaulty = false

  async function look(): Promise<void> {
    if (isLooking) return
    isLooking = true
    try {
      connections.endSessions(await sessions.findEnded(connections.sessionIds()))
      isFaulty = false
    } catch (error) {
      if (!isFaulty) logger.error({ err: error }, 'Sessions could not be looked up; it is tried again')
      isFaulty = true
    } finally {
      isLooking = false
    }
  }

  const timer = setInterval(() => void look(), interval).unref()
  return { look: () => void look(), close: () => clearInterval(timer) }
}
