import { startTwoNodes } from '../cluster/two-nodes.ts'
import { needs } from '../support/needs.ts'
import { startServer, type TestServer } from '../support/testkit.ts'

/** Where a race is tried: who races comes in through one server or the other. */
export const INSTALLATIONS = {
  'at one server': { suite: needs(), start: startAlone },
  'at two nodes': { suite: needs('postgres', 'redis'), start: () => startTwoNodes() },
}

async function startAlone(): Promise<[TestServer, TestServer]> {
  const server = await startServer()
  return [server, server]
}
