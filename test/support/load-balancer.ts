import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type HaproxyServer, startHaproxy } from './haproxy-server.ts'
import { poll } from './patience.ts'

const CONFIGURATION = join(import.meta.dirname, '../../deploy/haproxy.cfg')

/**
 * The load balancer of compose.yaml, once it knows of its nodes.
 * @param nodes as host:port
 */
export async function startLoadBalancer(...nodes: [string, string]): Promise<HaproxyServer> {
  const [NODE_1, NODE_2] = nodes
  const balancer = await startHaproxy(await readFile(CONFIGURATION, 'utf8'), { env: { NODE_1, NODE_2 } })
  await poll(() => workingNodes(balancer), 'node-1 node-2')
  return balancer
}

/** The names of the nodes that have said that they are ready. */
export async function workingNodes(balancer: HaproxyServer): Promise<string> {
  const [head = [], ...rows] = (await balancer.ask('show stat')).split('\n').map((line) => line.split(','))
  const [name, status] = [head.indexOf('svname'), head.indexOf('status')]
  return rows
    .filter((row) => row[name]?.startsWith('node-') && row[status]?.startsWith('UP'))
    .map((row) => row[name])
    .join(' ')
}
