import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startServer } from '../support/testkit.ts'
import { CLOSE, closeCodesIn, encodeFrame, oddFrame, TEXT, UPGRADE } from './frames.ts'
import { expectDiscreet } from './judge.ts'
import { CHANCES, PATIENCE, RUNS } from './size.ts'
import { exchange, statusesOf } from './wire.ts'
import { openWorld } from './world.ts'

const INTERNAL_ERRORS = [1011, 4500]

test('No bytes on a WebSocket’s line are the server’s fault', { timeout: PATIENCE }, async () => {
  const world = await openWorld()

  const holds = fc.asyncProperty(fc.array(oddFrame, { minLength: 1, maxLength: 8 }), async (frames) => {
    const answer = await exchange(world.server.url, UPGRADE + frames.join(''), { halfClose: true })

    expect(statusesOf(answer)).toEqual([101])
    for (const code of closeCodesIn(answer)) expect(INTERNAL_ERRORS).not.toContain(code)
    expectDiscreet(answer, [world.secrets.always])
    expect(world.faults()).toEqual([])
  })
  await fc.assert(holds, { numRuns: 40 * RUNS, ...CHANCES })

  expect((await world.server.anonymous.post({ query: '{ __typename }' })).status).toBe(200)
})

test('Who breaks the rules of WebSockets is closed with the code for it', async () => {
  const { url } = await startServer()
  const ping = '{"type":"ping"}'

  for (const [what, frame, code] of [
    ['no mask', { first: TEXT, payload: ping, isMasked: false }, 1002],
    ['a reserved bit', { first: 0xc1, payload: ping }, 1002],
    ['an unknown kind', { first: 0x83, payload: ping }, 1002],
    ['a continuation of nothing', { first: 0x80, payload: ping }, 1002],
    ['a control frame in parts', { first: 0x09, payload: '' }, 1002],
    ['a control frame too long', { first: 0x89, payload: 'x'.repeat(126) }, 1002],
    ['text that is no UTF-8', { first: TEXT, payload: '\xff\xfe' }, 1007],
    ['a length above the limit', { first: TEXT, payload: '', length: 2 ** 40 }, 1009],
    ['a close with a code that isn’t one', { first: CLOSE, payload: '\x00\x01' }, 1002],
    ['a close', { first: CLOSE, payload: '\x03\xe8' }, 1000],
  ] as const) {
    const answer = await exchange(url, UPGRADE + encodeFrame(frame), { halfClose: true })
    expect([what, closeCodesIn(answer)]).toEqual([what, [code]])
  }
})

test('A refused upgrade leaves nothing open, however much comes with it', async () => {
  const server = await startServer()

  const answer = await exchange(server.url, UPGRADE.replace('/graphql', '/nowhere') + 'x'.repeat(200_000))
  expect(statusesOf(answer)).toEqual([404])

  await server.stop()
})
