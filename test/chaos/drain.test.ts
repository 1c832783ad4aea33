import { once } from 'node:events'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { poll } from '../support/patience.ts'
import { seededRandom } from '../support/random.ts'
import { report } from '../support/report.ts'
import { isSoak } from '../support/soak.ts'
import { holdDatabase } from './held-database.ts'
import { startLoad } from './load.ts'
import { startMortalServer } from './mortal-server.ts'
import { say } from './operations.ts'

const CROWD = isSoak ? { senders: 50, listeners: 500, pause: 100 } : { senders: 10, listeners: 50 }
const RETRYABLE = [1001, 1012] // close codes after which a graphql-ws client comes back
const LONGEST_DRAIN = 10_000 // ms

const timeout = 120_000

test('Told to end, it sends everybody away in good order, and after the restart all have everything', {
  timeout,
}, async (context) => {
  const server = await startMortalServer()
  const load = await startLoad({ urls: [server.url], random: seededRandom(), ...CROWD })
  await load.listening()
  await load.progress(5 * CROWD.senders)

  const toldAt = Date.now()
  server.process.kill('SIGTERM')
  await poll(server.ready, 503)
  const stillOpen = CROWD.listeners - load.closings.length
  expect(stillOpen, 'sockets open when it was no longer ready').toBeGreaterThan(0)

  const { code, stderr } = await server.process.exited
  const drain = Date.now() - toldAt
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(drain).toBeLessThan(LONGEST_DRAIN)

  const sentAway = load.closings.slice(0, CROWD.listeners)
  expect(sentAway).toHaveLength(CROWD.listeners)
  for (const { code } of sentAway) expect(RETRYABLE).toContain(code)
  const stagger = Math.max(...sentAway.map(({ at }) => at)) - Math.min(...sentAway.map(({ at }) => at))
  expect(stagger, 'ms between the first and the last that was sent away').toBeGreaterThan(100)

  server.start()
  await load.progress(5 * CROWD.senders)
  expect(await load.finish()).toEqual([])
  expect(load.refusals).toEqual([])
  report(context, {
    ...CROWD,
    ...load.figures(),
    'open when no longer ready': stillOpen,
    drain: `${drain} ms`,
    'closed over': `${stagger} ms`,
  })
})

test('What was asked for before the end is answered', { timeout }, async () => {
  const server = await startMortalServer()
  const load = await startLoad({ urls: [server.url], random: seededRandom(), senders: 0, listeners: 1 })
  await load.listening()
  const hold = holdDatabase(server.databasePath)
  const answers = Promise.all(
    load.crowd.lines.map(async (ask, index) => {
      const input = { groupId: load.crowd.groupId, content: `question ${index}`, clientId: `question ${index}` }
      return (await ask(say, { input })).sendGroupMessage.message
    }),
  )
  // Now they wait for the database.
  await poll(server.ready, 503)

  server.process.kill('SIGTERM')
  // The listener has nothing to wait for, and is sent away first.
  await load.closed(1)
  hold.release()
  const told = await answers
  expect(await server.process.exited).toMatchObject({ code: 0, stderr: '' })

  server.start()
  expect(await load.finish(told)).toEqual([])
})

test('Told twice, it ends at once', async () => {
  const server = await startMortalServer()
  const deaf = new WebSocket(server.url.replace(/^http/, 'ws'), 'graphql-transport-ws')
  await once(deaf, 'open')
  // Whoever doesn't answer a close holds up a drain.
  deaf.pause()

  server.process.kill('SIGTERM')
  await poll(server.ready, 503)
  server.process.kill('SIGTERM')
  expect(await server.process.exited).toMatchObject({ code: 1, stderr: '' })
  deaf.terminate()
})
