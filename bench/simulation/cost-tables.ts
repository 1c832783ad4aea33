import type { Usage } from '../lib/usage.ts'
import { type Demand, needOf, USE } from './capacity.ts'
import { figure, line, rate, share } from './figures.ts'
import { type Findings, RATE, USERS } from './scenarios.ts'

const USE_HEADER = ['nodes’ CPU', 'of it others’', 'PostgreSQL’s', 'Redis’', 'published', 'into Redis', 'out of Redis']

/** What a message costs, by how many nodes there are and how many have listeners. */
export function aloneTable({ costs: { alone } }: Findings): string[][] {
  return [
    ['nodes', 'with a listener', ...USE_HEADER],
    ...alone.map(({ nodes, listening, use }) => [`${nodes}`, `${listening}`, ...useCells(use)]),
  ]
}

export function togetherTable({ costs: { together, deliveries } }: Findings): string[][] {
  return [
    ['what', 'nodes', 'that send', 'with a listener', ...USE_HEADER],
    ...together.map(({ nodes, sending, listening, clients, use }) => [
      `a send of ${clients} clients at once`,
      `${nodes}`,
      `${sending}`,
      `${listening}`,
      ...useCells(use),
    ]),
    ...deliveries.map(({ nodes, listeners, inFlight, use }) => [
      `a delivery to one of ${listeners.toLocaleString('en-US')}, ${inFlight} in flight`,
      `${nodes}`,
      '1',
      `${nodes}`,
      ...useCells(use),
    ]),
  ]
}

function useCells({ nodes, others, postgres, redis, published, redisIn, redisOut }: Usage): string[] {
  const cpu = (value: number) => `${figure(value)} µs`
  const bytes = (value: number) => `${figure(value)} B`
  return [cpu(nodes), cpu(others), cpu(postgres), cpu(redis), figure(published), bytes(redisIn), bytes(redisOut)]
}

const perSecond = (microseconds: number) => rate(1_000_000 / microseconds)

/** What a core does in a second, were it to do nothing else. */
export function carriesTable({ costs, model }: Findings): string[][] {
  const { connect, use } = costs.returns
  return [
    ['resource', 'what', 'each takes', 'at most, in a second'],
    ...[
      ['a node', 'sends of many clients', model.send] as const,
      ['a node', 'deliveries of one message to many', model.write] as const,
      ['a node', 'deliveries of 16 in flight', model.writeOneOfMany] as const,
      ['a node', 'connections signed in', connect.nodes] as const,
      [
        'a node',
        `clients that come back to their inbox, and get ${costs.returns.missed} missed messages`,
        use.nodes,
      ] as const,
      [
        'a node',
        `messages of other nodes that it only hears of, ${figure(model.group)} to a transaction`,
        model.hear,
      ] as const,
      ['a node', 'messages of other nodes that it tells one listener of', model.hear + model.take] as const,
      ['PostgreSQL, a core', 'sends', model.postgres] as const,
      ['PostgreSQL, a core', 'clients that come back', use.postgres] as const,
      ['Redis', 'copies of a message to a node', model.redisCopy] as const,
    ].map(([resource, what, time]) => [resource, what, `${figure(time)} µs`, perSecond(time)]),
  ]
}

export function holdTable({ costs: { holds } }: Findings): string[][] {
  const ms = (value: number) => `${figure(value)} ms`
  return [
    ['messages in the transaction', 'before the counter', 'counter held', 'of it the commit', 'messages/s at most'],
    ...holds.map(({ group, before, hold, commit }) => [
      `${group}`,
      ms(before),
      ms(hold),
      ms(commit),
      rate((group / hold) * 1_000),
    ]),
  ]
}

const DEMANDS: Demand[] = [
  { users: 10_000, rate: 100, listeners: 20 },
  { users: 10_000, rate: 1_000, listeners: 20 },
  { users: 100_000, rate: 10_000, listeners: 20 },
  ...[2, 20, 200].map((listeners) => ({ users: USERS, rate: RATE, listeners })),
]
export const CONNECTIONS = 50_000 // to one node

export function arithmeticTable({ model }: Findings): string[][] {
  return [
    [
      'users',
      'messages/s',
      'listeners of each',
      'nodes',
      'of it hearing',
      'PostgreSQL',
      'Redis',
      'out of Redis',
      'to clients',
    ],
    ...DEMANDS.map((demand) => {
      const { users, rate: messages, listeners } = demand
      const is = [users, messages, listeners].map((value) => value.toLocaleString('en-US'))
      const need = needOf(model, demand, CONNECTIONS)
      if (!need) return [...is, 'no number is enough', '', '', '', '', '']
      const cores = (value: number) => `${figure(value / USE)} cores`
      return [
        ...is,
        need.nodes.toLocaleString('en-US'),
        share(need.hearing),
        cores(need.postgres),
        cores(need.redis),
        line(need.redisOut),
        line(need.out),
      ]
    }),
  ]
}
