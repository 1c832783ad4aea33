import type { IncomingMessage } from 'node:http'
import type { Context as SocketContext } from 'graphql-ws'
import type { Viewer } from '../auth/viewer.ts'
import { ChatError } from '../errors.ts'
import type { User } from '../generated/prisma/client.ts'
import type { Services } from '../graphql/context.ts'
import { encodeId } from '../ids.ts'
import { bearerToken } from './asker.ts'
import type { Connections } from './connections.ts'
import type { OperationReports } from './operation-reports.ts'
import type { LiveContext, SocketExtra } from './socket-extra.ts'

// The graphql-ws client comes back after both: at once with a fresh token, or later.
const FORBIDDEN = 4403
const TRY_AGAIN_LATER = 1013

/**
 * Lets a client in who has introduced himself, with or without a token.
 * @returns what the acknowledgement tells him and what his operations run with; null where the socket has been closed
 */
export async function welcome(
  { services, connections, reports }: { services: Services; connections: Connections; reports: OperationReports },
  {
    socket,
    request,
    connectionId,
    network,
    close,
    closeSlow,
    end,
  }: Omit<SocketExtra, 'request'> & { request: IncomingMessage },
  params: SocketContext['connectionParams'],
): Promise<{ ack: Record<string, unknown>; live: LiveContext } | null> {
  const { sessions, users } = services
  const token = socketToken(params, request)
  let viewer: Viewer | null = null
  let user: User | null = null
  try {
    if (token !== null) {
      viewer = await sessions.authenticate(token)
      user = await users.resolve({ id: viewer.userId })
    }
    if (socket.readyState !== socket.OPEN) return null
    if (viewer && token !== null) {
      socket.once('close', connections.add({ viewer, refuse: (reason) => void end(closeCode(reason), reason.message) }))
      // Once more, now that an end of the session would be heard of: it may have come meanwhile.
      await sessions.authenticate(token)
    }
  } catch (error) {
    if (!(error instanceof ChatError)) throw error
    reports.refused(error)
    close(closeCode(error), error.message)
    return null
  }
  return {
    ack: {
      message: user ? `Welcome, ${user.displayName}` : 'Welcome: sign in to listen and send',
      connectionId,
      user: user && { id: encodeId('User', user.id), username: user.username, displayName: user.displayName },
    },
    live: {
      viewer,
      network,
      userAgent: request.headers['user-agent'] ?? null,
      disconnect: closeSlow,
    },
  }
}

function closeCode({ code }: ChatError): number {
  return code === 'RATE_LIMITED' ? TRY_AGAIN_LATER : FORBIDDEN
}

/** From `connectionParams`, the upgrade request, or its URL, where command-line tools can put it. */
function socketToken(params: SocketContext['connectionParams'], { headers, url }: IncomingMessage): string | null {
  return (
    bearerToken(params?.['authorization'] ?? params?.['Authorization']) ??
    bearerToken(headers.authorization) ??
    new URLSearchParams(url?.split('?')[1]).get('token')
  )
}
