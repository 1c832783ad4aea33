import { expect, test } from 'vitest'
import { startHaproxy } from '../support/haproxy-server.ts'
import { needs } from '../support/needs.ts'
import { stateOf } from '../support/process-family.ts'
import { openWire } from './wire.ts'

const REQUEST = 'GET / HTTP/1.1\r\nHost: test\r\n\r\n'

/** A frontend that answers by itself. */
const answering = (text: string) => `
  defaults
    mode http
    timeout client 600s
    timeout connect 10s
    timeout server 600s
  frontend test
    bind "127.0.0.1:\${PORT}"
    http-request return status 200 content-type text/plain string "${text}"
`

needs('haproxy')('an HAProxy of a test', () => {
  test('answers at the same port after a crash and a restart', async () => {
    const haproxy = await startHaproxy(answering(`Hello, \${NAME}`), { env: { NAME: 'Tom' } })
    const wire = await openWire(haproxy.port)
    expect(await wire.ask(REQUEST)).toContain('Hello, Tom')

    await haproxy.kill()
    await wire.closed
    await expect(openWire(haproxy.port)).rejects.toThrow('ECONNREFUSED')
    await haproxy.restart()
    await haproxy.restart()
    expect(await (await openWire(haproxy.port)).ask(REQUEST)).toContain('Hello, Tom')
  })

  test('takes another configuration without having been away, as often as it is told to', async () => {
    const haproxy = await startHaproxy(answering('the first'))
    for (const text of ['the second', 'the third']) {
      await haproxy.reload(answering(text))
      expect(await (await openWire(haproxy.port)).ask(REQUEST)).toContain(text)
    }
  })

  test('takes commands, and stands still while it is frozen', async () => {
    const haproxy = await startHaproxy(answering('Hello'))
    const [, pid] = /^Pid: (\d+)$/m.exec(await haproxy.ask('show info')) ?? []
    const wire = await openWire(haproxy.port)

    await haproxy.freeze()
    expect(await stateOf(Number(pid))).toBe('T')
    const answer = wire.ask(REQUEST)
    haproxy.thaw()
    expect(await answer).toContain('Hello')
  })
})
