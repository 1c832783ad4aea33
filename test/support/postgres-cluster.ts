import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../../src/database/database.ts'
import { type PostgresServer, startPostgres } from './postgres-server.ts'
import type { AtEnd } from './server-program.ts'

/** A database there, empty and migrated, that every test's own is a copy of. */
export const TEMPLATE = 'template'

declare module 'vitest' {
  interface ProvidedContext {
    postgresCluster: string
  }
}

/**
 * Vitest's global setup: one PostgreSQL for all test files, started when the first of them asks for it. Each test makes
 * databases of its own there; who wants to trouble a server starts one himself.
 */
export async function setup({ provide }: TestProject) {
  let cluster: Promise<PostgresServer> | undefined
  let end = async () => {}

  const broker = createServer(async (_request, response) => {
    cluster ??= start((given) => (end = given))
    await cluster.then(
      ({ url }) => response.end(url),
      (error) => response.writeHead(500).end(String(error)),
    )
  })
  await once(broker.listen(0, '127.0.0.1').unref(), 'listening')
  provide('postgresCluster', `http://127.0.0.1:${(broker.address() as AddressInfo).port}`)
  return async () => {
    broker.close()
    await end()
  }
}

async function start(atEnd: AtEnd): Promise<PostgresServer> {
  const cluster = await startPostgres({ fsync: false, atEnd })
  const admin = new pg.Client(cluster.url)
  await admin.connect()
  await admin.query(`CREATE DATABASE ${TEMPLATE}`)
  await admin.end()
  await (await openDatabase(cluster.urlOf(TEMPLATE))).close()
  return cluster
}
