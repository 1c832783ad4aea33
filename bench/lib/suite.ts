import type { ClusterCosts } from './cluster-costs.ts'
import type { Process, StartOptions, Workplace } from './processes.ts'
import type { Row } from './row.ts'
import type { Scale } from './scale.ts'
import type { Residents, World, WorldMaker } from './world.ts'

/** One line of a plot. */
export interface Curve {
  name: string
  points: [x: number, y: number][]
}

export interface Plot {
  file: string
  title: string
  x: string
  y: string
  /** Whether the axes are logarithmic. */
  logarithmic: { x: boolean; y: boolean }
  curves: Curve[]
}

export interface SuiteResult {
  rows: Row[]
  plots?: Plot[]
  /** What the simulation and docs/SCALING.md are made of. */
  costs?: ClusterCosts
}

/** What the suites of a run work with. */
export interface Bench {
  scale: Scale
  workplace: Workplace
  createWorld: WorldMaker
  /** The database with all the messages, made when it is first asked for. */
  largeWorld(): Promise<World>
  /** Says what goes on. */
  log(text: string): void
}

export type Suite = (bench: Bench) => Promise<SuiteResult>

/** The server as `npm start` runs it, on a database of the bench. */
export function startOurs({ workplace }: Bench, world: Residents, options: StartOptions = {}): Process {
  return workplace.start('src/main.ts', { ...options, env: world.env })
}

export function startPeer({ workplace }: Bench, name: string, options: StartOptions = {}): Process {
  return workplace.start(`bench/peers/${name}.ts`, options)
}
