import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { HaproxyServer } from '../support/haproxy-server.ts'
import { startLoadBalancer, workingNodes } from '../support/load-balancer.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { startServer } from '../support/testkit.ts'
import { talkThrough } from './talk-through.ts'

/** A node that says who it is. */
async function startNode(name: string) {
  const node = { isReady: true, address: '', headers: {} as IncomingHttpHeaders, close: () => {} }
  const server = createServer((request, response) => {
    if (request.url === '/ready') return response.writeHead(node.isReady ? 200 : 503).end()
    node.headers = request.headers
    return response.end(name)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  node.address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  node.close = () => {
    server.close()
    server.closeAllConnections()
  }
  onTestFinished(node.close)
  return node
}

const answerOf = async ({ url }: HaproxyServer) => (await fetch(url)).text()

needs('haproxy')('the load balancer', () => {
  test('passes on a conversation over HTTP, WebSocket and SSE', async () => {
    const server = await startServer()
    const { host } = new URL(server.url)
    const { url } = await startLoadBalancer(host, host)
    await talkThrough(url, server)
  })

  test('asks the nodes that are ready, and at once another where one has gone', async () => {
    const [one, other] = await Promise.all([startNode('one'), startNode('other')])
    const balancer = await startLoadBalancer(one.address, other.address)
    expect([await answerOf(balancer), await answerOf(balancer)].sort()).toEqual(['one', 'other'])

    one.isReady = false
    await poll(() => workingNodes(balancer), 'node-2')
    expect([await answerOf(balancer), await answerOf(balancer)]).toEqual(['other', 'other'])
    one.isReady = true
    await poll(() => workingNodes(balancer), 'node-1 node-2')

    other.close()
    expect([await answerOf(balancer), await answerOf(balancer)]).toEqual(['one', 'one'])
  })

  test("tells the nodes the client's address, whatever he says himself", async () => {
    const node = await startNode('one')
    const balancer = await startLoadBalancer(node.address, node.address)
    await fetch(balancer.url, { headers: { 'x-forwarded-for': '192.0.2.1', 'x-forwarded-proto': 'https' } })
    expect(node.headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' })
  })
})
