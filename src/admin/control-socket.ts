import { once } from 'node:events'
import { chmod, mkdir, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { dirname } from 'node:path'
import type { Logger } from 'pino'
import { answer, readJson } from './admin-request.ts'
import type { AdminService } from './admin-service.ts'

const LONGEST_PATH = 103 // bytes that every system's socket addresses have room for

/** Where the owner's commands reach the server that has an SQLite database open. */
export interface ControlSocket {
  close(): Promise<void>
}

/** @param databasePath the database's file */
export function controlSocketPath(databasePath: string): string {
  return `${databasePath}.control/socket`
}

/**
 * Takes the owner's commands, one per connection, from processes of the same user: nobody else can enter the folder.
 * The caller holds the database's lock, so that what is there under this name is nobody's any more. Where there can't be
 * one, commands work only while the server is stopped, and the log says so.
 */
export async function openControlSocket(path: string, admin: AdminService, logger: Logger): Promise<ControlSocket> {
  const sockets = new Set<Socket>()
  const onFault = (error: unknown) => logger.error({ err: error }, 'A command of the owner failed')
  // The one who asks ends his side first.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket)).on('error', () => {})
    void readJson(socket)
      .then((request) => answer(admin, request, onFault))
      .then((given) => socket.end(JSON.stringify(given)))
      .catch(() => socket.destroy())
  })
  try {
    if (Buffer.byteLength(path) > LONGEST_PATH) throw new Error(`the path ${path} is too long for a socket`)
    // Its own folder, closed to others before the socket is there.
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await chmod(dirname(path), 0o700)
    await rm(path, { force: true })
    await once(server.listen(path), 'listening')
    await chmod(path, 0o600)
    server.unref()
  } catch (error) {
    const reason = (error as Error).message
    logger.info(`Commands like "chatserver user create" need the server stopped, as there is no socket (${reason})`)
  }
  return {
    async close() {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
      await rm(dirname(path), { recursive: true, force: true })
    },
  }
}
