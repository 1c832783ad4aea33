import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Hold } from './counter-hold.ts'
import type { Usage } from './usage.ts'

/** What several nodes on one PostgreSQL and Redis cost, all that the simulation and docs/SCALING.md are made of. */
export interface ClusterCosts {
  measured: {
    at: string
    node: string
    cpu: string
    cores: number
    /** How many processes wanted a core when it began, on average of a minute. */
    load: number
  }
  /** A message that is sent alone, through the first node, with one listener on each of some nodes, the last ones. */
  alone: { nodes: number; listening: number; use: Usage }[]
  /** A message of many that are sent at once, through some nodes, to groups of 20, each with a listener on some others. */
  together: { nodes: number; sending: number; listening: number; clients: number; use: Usage }[]
  /** A delivery of a message through the first node to a large group, whose listeners are spread over the nodes. */
  deliveries: { nodes: number; listeners: number; inFlight: number; use: Usage }[]
  /** The bytes of one delivery. */
  frame: number
  /** A transaction's hold on the log's counter. */
  holds: Hold[]
  /** A client that connects and signs in; and one that also asks for its inbox, and gets so many messages that it missed. */
  returns: { missed: number; connect: Usage; use: Usage }
}

const FILE = join(import.meta.dirname, '../simulation/costs.json')

/** Those of the latest run that was kept. */
export function readCosts(): ClusterCosts {
  return JSON.parse(readFileSync(FILE, 'utf8')) as ClusterCosts
}

export function keepCosts(costs: ClusterCosts): void {
  writeFileSync(FILE, `${JSON.stringify(costs, shortened, 2)}\n`)
}

/** Figures are told by three digits; more of them would only make a change larger. */
export function shortened(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(4)) : value
}
