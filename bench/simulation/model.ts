import { LARGEST_GROUP } from '../../src/log/writer.ts'
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
  /** Each node with a listener: to take such a message off the bus, and write it to one listener, delivered mark included. */
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
  const [announcement = NaN, payload = NaN] = fitLine(
    alone.map(({ nodes, listening, use }) => ({ at: [nodes, listening], value: use.redisOut })),
  ).slopes
  // A message alone is published twice: what it says, and that the log has grown.
  const redis = fitLine(alone.map(({ nodes, listening, use }) => ({ at: [nodes + listening], value: use.redis })))
  const throughOne = together.filter(({ sending }) => sending === 1)
  const [hear = NaN, take = NaN] = fitLine(
    throughOne.map(({ nodes, listening, use }) => ({ at: [nodes - 1, listening], value: use.others })),
  ).slopes
  const unheard = throughOne.filter(({ listening }) => listening === 0)
  const published = mean(unheard.map(({ use }) => use.published))

  const single = deliveries.find(({ nodes, inFlight }) => nodes === 1 && inFlight === 1)
  const flight = deliveries.find(({ nodes, inFlight }) => nodes === 1 && inFlight > 1)
  const [write, writeOneOfMany] = [single?.use.nodes ?? NaN, flight?.use.nodes ?? NaN]
  const many = flight?.inFlight ?? NaN
  const perMessage = atLeastNothing((many * writeOneOfMany - write) / (many - 1))

  const before = fitLine(holds.map(({ group, before }) => ({ at: [group], value: before })))
  const hold = fitLine(holds.map(({ group, hold }) => ({ at: [group], value: hold })))
  return {
    send: mean(unheard.map(({ use }) => use.nodes - use.others)),
    // Each message is published, and each transaction.
    group: 1 / Math.max(published - 1, 1 / LARGEST_GROUP),
    hear: atLeastNothing(hear),
    take: atLeastNothing(take),
    write,
    writeOneOfMany,
    perWrite: atLeastNothing(write - perMessage),
    perMessage,
    postgres: mean(throughOne.map(({ use }) => use.postgres)),
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
