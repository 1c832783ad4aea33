import { idle } from './cpu.ts'
import { type Crowd, gatherCrowd } from './crowd.ts'
import { driveBareWs, driveGraphQL, type FanOutServer } from './fan-out-servers.ts'
import { alternate, type Cost, measureCost } from './rounds.ts'
import { type Bench, startOurs, startPeer } from './suite.ts'
import type { World } from './world.ts'

/** Something of each of the servers that fan out. */
export type Each<T> = { ours: T } & Partial<Record<'ws' | 'graphqlWs', T>>

export const NAMES: Record<keyof Each<unknown>, string> = {
  ws: 'bare ws',
  ours: 'ChatServer',
  graphqlWs: 'graphql-ws as documented',
}

export interface Contestants {
  servers: Each<FanOutServer>
  stop(): Promise<unknown>
}

/** Starts the servers. Only ours has a database and a sign-in. */
export async function startContestants(bench: Bench, world: World): Promise<Contestants> {
  const processes = [
    startOurs(bench, world),
    startPeer(bench, 'bare-ws-server'),
    startPeer(bench, 'graphql-ws-server'),
  ] as const
  const [ours, ws, graphqlWs] = processes
  return {
    servers: {
      ours: await driveGraphQL(ours, world, true),
      ws: await driveBareWs(ws),
      graphqlWs: await driveGraphQL(graphqlWs, world, false),
    },
    stop: () => Promise.all(processes.map((process) => process.stop())),
  }
}

/** The same crowd on each server; bare ws sends it the frames that ours does. */
export async function gatherCrowds(
  servers: Each<FanOutServer>,
  options: Parameters<typeof gatherCrowd>[1],
): Promise<Each<Crowd>> {
  const ours = await gatherCrowd(servers.ours, options)
  const crowds: Each<Crowd> = { ours }
  for (const name of ['ws', 'graphqlWs'] as const) {
    servers[name]?.imitate?.(ours.sample)
    if (servers[name]) crowds[name] = await gatherCrowd(servers[name], options)
  }
  return crowds
}

/** What a delivery costs each server, with so many messages in flight, in rounds that take turns, as of `alternate`. */
export async function raceCrowds(
  { scale }: Bench,
  servers: Each<FanOutServer>,
  crowds: Each<Crowd>,
  inFlight: number,
  warmUps = 4, // until what runs a thousand times a message has been compiled
): Promise<Record<keyof Each<unknown>, Cost[]>> {
  // Those who left the server before this crowd came may still be keeping it busy.
  await Promise.all(Object.values(servers).map(({ pid }) => idle(pid)))
  const runs: Record<string, () => Promise<Cost>> = {}
  for (const [name, crowd] of Object.entries(crowds)) {
    const { pid } = servers[name as keyof Each<unknown>] as FanOutServer
    runs[name] = () =>
      measureCost(pid, scale.roundTime, async () => {
        await crowd.say(inFlight)
        return inFlight * crowd.size
      })
  }
  return { ours: [], ws: [], graphqlWs: [], ...(await alternate(scale.rounds, runs, warmUps)) }
}
