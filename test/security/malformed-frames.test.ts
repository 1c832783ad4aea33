import { expect, test } from 'vitest'
import { closeCodesIn, encodeFrame, type Frame, TEXT, UPGRADE } from '../fuzz/frames.ts'
import { exchange } from '../fuzz/wire.ts'
import { openSignedInSocket } from '../support/bare-socket.ts'
import { poll } from '../support/patience.ts'
import { startServer } from '../support/testkit.ts'

const ping = '{"type":"ping"}'
const CROWD = 30

/** Beyond these, test/fuzz tries whatever bytes there are. */
const ATTACKS: [string, Frame[], number][] = [
  ['no mask', [{ first: TEXT, payload: ping, isMasked: false }], 1002],
  ['a length beyond all memory', [{ first: TEXT, payload: ping, length: 2 ** 53 }], 1009],
  ['a length above the limit', [{ first: TEXT, payload: ping, length: 2_000_000 }], 1009],
  ['a reserved bit', [{ first: 0xc1, payload: ping }], 1002],
  ['a reserved kind', [{ first: 0x83, payload: ping }], 1002],
  ['text that is no UTF-8', [{ first: TEXT, payload: '\xff\xfe' }], 1007],
  ['a control frame in parts', [{ first: 0x09, payload: '' }], 1002],
  ['a control frame that is too long', [{ first: 0x89, payload: 'x'.repeat(126) }], 1002],
  ['a continuation without a start', [{ first: 0x80, payload: ping }], 1002],
  [
    'a second start within a message',
    [
      { first: 0x01, payload: '{' },
      { first: 0x01, payload: '{' },
    ],
    1002,
  ],
  [
    'parts that sum up above the limit',
    Array(3)
      .fill({ first: 0x01, payload: '{' })
      .with(1, { first: 0x00, payload: 'x'.repeat(600_000) })
      .with(2, { first: 0x00, payload: 'x'.repeat(600_000) }),
    1009,
  ],
]

test.each(ATTACKS)('%s closes that socket, and no other', async (_what, frames, code) => {
  const server = await startServer()
  const tom = await server.register('tom')
  const other = await openSignedInSocket(server.url, tom.accessToken)
  const bytes = UPGRADE + frames.map(encodeFrame).join('')

  const answers = await Promise.all(
    Array.from({ length: CROWD }, () => exchange(server.url, bytes, { halfClose: true })),
  )

  for (const answer of answers) expect(closeCodesIn(answer)).toEqual([code])
  other.send({ type: 'ping' })
  expect(await other.next()).toMatchObject({ type: 'pong' })
  other.socket.close()
  await poll(async () => server.app.census().connections, 0)
})
