import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { createLogger } from '../../src/logger.ts'
import { startServer, type TestServer, temporaryFolder } from './testkit.ts'

/** What the server noted of an operation that it was asked for. */
interface NotedOperation {
  name?: string
  /** `ok`, or the codes of its errors. */
  outcome: string | string[]
}

export interface LockedServer {
  url: string
  /** The names of all operations that it has been asked for. Fails where one of them wasn't listed. */
  requireListed(): Promise<Set<string | undefined>>
}

/** Restarts a server as one that runs the operations of its own clients alone: not those of the testkit. */
export async function lockServer(open: TestServer): Promise<LockedServer> {
  await open.stop()
  const operations: NotedOperation[] = []
  const logger = createLogger('debug', {
    write(line) {
      const noted = JSON.parse(line)
      if (noted.outcome) operations.push(noted)
    },
  })
  const path = join(await temporaryFolder(), 'operations.json')
  await writeFile(path, '{}')
  const server = await startServer({ databaseUrl: open.databaseUrl, persistedOperations: path }, logger)

  return {
    url: server.url,
    async requireListed() {
      const asked = [...operations]
      await server.anonymous.post({ query: '{ __typename }' })
      expect(operations.at(-1)?.outcome).toEqual(['OPERATION_NOT_LISTED'])
      expect(asked.filter(({ outcome }) => outcome.includes('OPERATION_NOT_LISTED'))).toEqual([])
      return new Set(asked.map(({ name }) => name))
    },
  }
}
