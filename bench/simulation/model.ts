import type { ClusterCosts } from '../lib/cluster-costs.ts'
import { fitLine } from './fit.ts'

/** What the measured costs say of each step by itself. µs of CPU, unless it says otherwise. */
export interface Model {
  /** Nodes: to store a message that comes with many others. */
  send: number
  /** Messages that came together then, on average. */
  group: number
  /** Each node: to hear of a message that is announced with so many others. */
  hear: number
  /** Each node with a listener: to take a message off the bus, and write it to one listener. */
  take: number
  /** To write one message to one listener of many: alone, and with others. */
  write: number
  writeOneOfMany: number
  /** The two parts of it: of a turn of the event loop for each listener, and of each message on top. */
  perWrite: number
  perMessage: number
  /** PostgreSQL: to store a message that comes with many others. */
  postgres: number
  /** Redis: to be told of something, and to tell a node of it. */
  redisPublish: number
  redisCopy: number
  /** Bytes. */
  announcement: number
  payload: number
  frame: number
  /** ms that a group of messages takes before it takes the counter, and for how long it keeps it. */
  before: (group: number) => number
  hold: (group: number) => number
}

/** Figures of a short run may come out below nothing. */
const atLeastNothing = (value: number) => Math.max(0, value)

export function toModel(costs: ClusterCosts): Model {
  const { alone, together, deliveries, holds, frame } = costs
  const aloneLine = (value: 'nodes' | 'redis' | 'redisOut') =>
    fitLine(alone.map(({ nodes, listening, use }) => ({ at: [nodes, listening], value: use[value] })))
  const [, take = 0] = aloneLine('nodes').slopes
  const [announcement = 0, payload = 0] = aloneLine('redisOut').slopes
  // A message alone is published twice: what it says, and that the log has grown.
  const redis = fitLine(alone.map(({ nodes, listening, use }) => ({ at: [nodes + listening], value: use.redis })))
  const togetherLine = fitLine(together.map(({ nodes, use }) => ({ at: [nodes], value: use.nodes })))
  const [hear = 0] = togetherLine.slopes
  const published = mean(together.map(({ use }) => use.published))

  const single = deliveries.find(({ nodes, inFlight }) => nodes === 1 && inFlight === 1)
  const flight = deliveries.find(({ nodes, inFlight }) => nodes === 1 && inFlight > 1)
  const [write, writeOneOfMany] = [single?.use.nodes ?? NaN, flight?.use.nodes ?? NaN]
  const many = flight?.inFlight ?? NaN
  const perMessage = atLeastNothing((many * writeOneOfMany - write) / (many - 1))

  const before = fitLine(holds.map(({ group, before }) => ({ at: [group], value: before })))
  const hold = fitLine(holds.map(({ group, hold }) => ({ at: [group], value: hold })))
  return {
    send: togetherLine.base,
    // Each message is published, and each transaction.
    group: 1 / (published - 1),
    hear: atLeastNothing(hear),
    take: atLeastNothing(take),
    write,
    writeOneOfMany,
    perWrite: atLeastNothing(write - perMessage),
    perMessage,
    postgres: mean(together.map(({ use }) => use.postgres)),
    redisPublish: atLeastNothing(redis.base / 2),
    redisCopy: atLeastNothing(redis.slopes[0] ?? NaN),
    announcement,
    payload,
    frame,
    before: toFunction(before.base, before.slopes[0] ?? NaN),
    hold: toFunction(hold.base, hold.slopes[0] ?? NaN),
  }
}

/** As a line through points of noise may, it must not begin below nothing. */
function toFunction(base: number, slope: number): (group: number) => number {
  return (group) => atLeastNothing(base) + atLeastNothing(slope) * group
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
