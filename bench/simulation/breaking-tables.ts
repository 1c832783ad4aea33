import { LARGEST_GROUP } from '../../src/log/writer.ts'
import { figure, line, rate, share, time } from './figures.ts'
import { type Findings, RATE, USERS } from './scenarios.ts'

export function counterTable({ model, counter }: Findings): string[][] {
  const ceiling = (LARGEST_GROUP / model.hold(LARGEST_GROUP)) * 1_000
  return [
    [
      'nodes that send',
      'most messages/s',
      'of what full groups would allow',
      'at half of it: in a transaction',
      'p50',
      'p99',
      `such logs for ${rate(RATE)}`,
    ],
    ...counter.map(({ nodes, most, half }) => [
      `${nodes}`,
      rate(most),
      share(most / ceiling),
      `${figure(half.group)} messages`,
      time(half.waits.p50),
      time(half.waits.p99),
      Math.ceil(RATE / (most / 2)).toLocaleString('en-US'),
    ]),
  ]
}

export function hotGroupTable({ model, hotGroup }: Findings): string[][] {
  return [
    ['nodes', 'messages/s', 'p50', 'p99', 'written together', 'longest stall', 'node busy', 'a node’s line'],
    ...hotGroup.map(({ nodes, rate: messages, outcome: { waits, batch, stall, busy } }) => [
      `${nodes}`,
      `${messages}`,
      time(waits.p50),
      time(waits.p99),
      figure(batch),
      time(stall),
      share(busy),
      line((USERS / nodes) * messages * model.frame),
    ]),
  ]
}

export function reconnectTable({ reconnect }: Findings): string[][] {
  return [
    ['nodes', 'how', 'half are back after', '99 of 100', 'back within an hour', 'tries each', 'work wasted'],
    ...reconnect.map(({ nodes, how, outcome: { back, share: part, tries, wasted } }) => [
      `${nodes}`,
      how,
      time(back.p50),
      time(back.p99),
      share(part),
      figure(tries),
      share(wasted),
    ]),
  ]
}
