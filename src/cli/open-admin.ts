import { pino } from 'pino'
import type { Ask } from '../admin/admin-request.ts'
import { createAdminService } from '../admin/admin-service.ts'
import { findServer } from '../admin/control-client.ts'
import { controlSocketPath } from '../admin/control-socket.ts'
import type { Config } from '../config.ts'
import { sqlitePath } from '../database/database.ts'

/**
 * Has work done on a server's data, whether or not the server runs. On SQLite a running server does it itself, which
 * alone has its file; otherwise this process is for a moment a node that takes no requests, and what it changes
 * reaches the others as from any node.
 * @throws StartError where the data can't be had
 */
export async function withAdmin<T>(config: Config, work: (ask: Ask) => Promise<T>): Promise<T> {
  const { databaseUrl } = config
  const server = databaseUrl.startsWith('file:') ? await findServer(controlSocketPath(sqlitePath(databaseUrl))) : null
  if (server) return work(server)

  const { createApp } = await import('../app.ts')
  // The answers have stdout to themselves.
  const logger = pino({ level: 'warn' }, pino.destination({ dest: 2, sync: true }))
  const app = await createApp({ ...config, seedUsers: false }, logger)
  try {
    const admin = createAdminService(app.services)
    return await work((command, input) => admin[command](input as never) as never)
  } finally {
    await app.stop()
  }
}
