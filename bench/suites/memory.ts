import { join } from 'node:path'
import { residentMemory } from '../lib/cpu.ts'
import { gatherCrowd } from '../lib/crowd.ts'
import { driveBareWs, driveGraphQL, type FanOutServer } from '../lib/fan-out-servers.ts'
import type { Process } from '../lib/processes.ts'
import { median } from '../lib/rounds.ts'
import { type Bench, type SuiteResult, startOurs, startPeer } from '../lib/suite.ts'

const FLAGS = ['--expose-gc', `--import=${join(import.meta.dirname, '../lib/collect-garbage.ts')}`]
const FIRST = 500 // connections that come and go before it counts, so that what they run is compiled

/** What an idle connection with one subscription adds to the server's memory. */
export async function memory(bench: Bench): Promise<SuiteResult> {
  const { scale, log } = bench
  const size = scale.connections
  const everybody = Array.from({ length: Math.max(size, FIRST) }, (_, user) => user)
  const ours: number[] = []
  const ws: number[] = []
  let sample = ''

  for (let round = 0; round < scale.rounds; round++) {
    log(`${size} idle connections, round ${round + 1} of ${scale.rounds}`)
    const world = await bench.createWorld('memory', { users: everybody.length, groups: [everybody] })
    const server = startOurs(bench, world, { flags: FLAGS })
    const driver = await driveGraphQL(server, world, true)
    const measured = await perConnection(server, driver, size)
    ours.push(measured.memory)
    sample = measured.sample

    const peer = startPeer(bench, 'bare-ws-server', { flags: FLAGS })
    const bareWs = await driveBareWs(peer)
    bareWs.imitate?.(sample)
    ws.push((await perConnection(peer, bareWs, size)).memory)
  }
  log(`${(median(ours) / median(ws)).toFixed(1)} times as much as bare ws`)
  return {
    rows: [
      {
        what: `memory per idle subscribed connection, at ${size.toLocaleString('en-US')}`,
        against: 'bare ws',
        unit: 'KB',
        ours,
        peer: ws,
        comparison: 'alone',
        reach: 25,
        beyond: 20,
      },
    ],
  }
}

/** @returns KB */
async function perConnection(server: Process, driver: FanOutServer, size: number) {
  const options = { group: 0, field: 'groupMessages' } as const
  const first = await gatherCrowd(driver, { ...options, size: FIRST })
  first.close()
  const before = await settledMemory(server)
  const crowd = await gatherCrowd(driver, { ...options, size })
  const memory = ((await settledMemory(server)) - before) / size / 1_000
  const { sample } = crowd
  crowd.close()
  await server.stop()
  return { memory, sample }
}

async function settledMemory(server: Process): Promise<number> {
  await server.ask({ collect: true })
  return residentMemory(server.pid)
}
