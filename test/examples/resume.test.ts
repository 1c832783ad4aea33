import { setImmediate as turn } from 'node:timers/promises'
import type { Client } from 'graphql-ws'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type ConnectOptions, connect, ListeningError, listen } from '../../examples/resume.ts'
import type { ListenToGroupSubscription } from '../generated/graphql.ts'
import { listenToGroup, newGroup, removeFromGroup } from '../support/messages.ts'
import { startServer } from '../support/testkit.ts'
import { wholeHistory } from '../support/whole-history.ts'
import { type Storm, stormyGroup } from './storm.ts'

type Event = ListenToGroupSubscription['groupMessages']

/** Jerry's listening, the way that the example shows it, and what comes of it. */
class Ear {
  readonly heard: Event[] = []
  saved: string
  readonly #scene: Storm
  readonly #client: Client
  readonly #stopping = new AbortController()
  readonly #waiting = new Map<number, () => void>()

  constructor(scene: Storm, options: Partial<ConnectOptions> = {}) {
    this.#scene = scene
    this.saved = scene.cursor
    const url = scene.line.url.replace('http', 'ws')
    this.#client = connect({ url, getToken: () => scene.jerry.accessToken, ...options })
    onTestFinished(() => this.#stopping.abort())
  }

  listen(onEvent: (event: Event) => unknown = () => {}, cursor = this.saved): Promise<void> {
    return listen<Event>({
      client: this.#client,
      query: listenToGroup.toString(),
      variables: { groupId: this.#scene.groupId },
      cursor,
      onEvent: async (event) => {
        await onEvent(event)
        this.heard.push(event)
        this.#waiting.get(this.heard.length)?.()
      },
      saveCursor: (newest) => {
        this.saved = newest
      },
      signal: this.#stopping.signal,
    })
  }

  /** Resolves when so many events have come. */
  hears(count: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.heard.length >= count) resolve()
      else this.#waiting.set(count, resolve)
    })
  }

  /** Resolves when the socket has closed. */
  stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#client.on('closed', () => resolve()))
    this.#stopping.abort()
    return closed
  }
}

async function messagesOf({ jerry, groupId }: Storm) {
  return (await wholeHistory(jerry, groupId)).slice(2) // the group’s making, and his own coming
}

test('Whatever becomes of the line, each event comes once and in order', async () => {
  const scene = await stormyGroup()
  const ear = new Ear(scene)
  const listening = ear.listen(() => turn())

  await scene.storm()
  await ear.hears(scene.said())
  await Promise.all([ear.stop(), listening])

  expect(ear.heard.map(({ type }) => type)).toEqual(ear.heard.map(() => 'CREATED'))
  expect(ear.heard.map(({ message }) => message)).toEqual(await messagesOf(scene))
  expect(ear.saved).toBe(ear.heard.at(-1)?.cursor)
})

test('A restart of the server is one more cut', async () => {
  const scene = await stormyGroup()
  const ear = new Ear(scene)
  const listening = ear.listen()
  await scene.write(5)
  await ear.hears(5)

  await scene.restart()
  await scene.write(5)
  await ear.hears(10)
  await Promise.all([ear.stop(), listening])

  expect(ear.heard.map(({ message }) => message)).toEqual(await messagesOf(scene))
})

test('A line that has died without a word is noticed', async () => {
  const scene = await stormyGroup()
  const ear = new Ear(scene, { keepAlive: 50 })
  const listening = ear.listen()
  await scene.write(1)
  await ear.hears(1)

  scene.line.freeze()
  await scene.write(1)
  await ear.hears(2)
  await Promise.all([ear.stop(), listening])
})

test('What the server fails on for a moment is asked for again', async () => {
  const scene = await stormyGroup()
  const ear = new Ear(scene)
  await scene.write(3)
  const { sessions, reader, messageLoaders } = scene.server.app.services
  const outOfOrder = () => Promise.reject(new Error('Out of order'))
  const failures = [
    vi.spyOn(sessions, 'authenticate').mockImplementationOnce(outOfOrder),
    vi.spyOn(reader, 'conversationLog').mockReturnValueOnce({ head: outOfOrder, changes: outOfOrder }),
    vi.spyOn(messageLoaders, 'conversation').mockImplementationOnce(outOfOrder),
  ]

  const listening = ear.listen()
  await ear.hears(3)
  await Promise.all([ear.stop(), listening])

  for (const failure of failures) expect(failure.mock.calls.length).toBeGreaterThan(1)
  expect(ear.heard.map(({ message }) => message)).toEqual(await messagesOf(scene))
})

test('What a callback has failed on comes again, and nothing before it', async () => {
  const scene = await stormyGroup()
  const ear = new Ear(scene)
  const failing = ear.listen(({ message }) => {
    if (message.content === 'message 3') throw new Error('Out of ink')
  })
  await scene.write(5)
  await expect(failing).rejects.toThrow('Out of ink')

  const listening = ear.listen()
  await ear.hears(5)
  await Promise.all([ear.stop(), listening])

  expect(ear.heard.map(({ message }) => message)).toEqual(await messagesOf(scene))
})

test('A cursor that can’t be served, and a signing out, are told of; a removal ends it', async () => {
  const scene = await stormyGroup()
  const elsewhere = await (await startServer()).register('butch')
  const { createGroup } = await elsewhere.request(newGroup, { name: 'Elsewhere' })
  const ear = new Ear(scene)

  await expect(ear.listen(undefined, createGroup.group.cursor)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })

  const signedOut = new ListeningError('Signed out', 'UNAUTHENTICATED')
  const refused = new Ear(scene, { getToken: () => Promise.reject(signedOut) })
  await expect(refused.listen()).rejects.toBe(signedOut)

  const listening = ear.listen()
  await scene.write(1)
  await ear.hears(1)
  await scene.tom.request(removeFromGroup, { groupId: scene.groupId, username: 'jerry' })
  await listening
  await expect(ear.listen()).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('A stale token, and a provider that fails for a moment, only delay it', async () => {
  const scene = await stormyGroup()
  const tokens = ['stale', new TypeError('fetch failed'), scene.jerry.accessToken]
  const ear = new Ear(scene, {
    getToken: () => {
      const token = tokens.length > 1 ? tokens.shift() : tokens[0]
      if (token instanceof Error) throw token
      return String(token)
    },
  })
  const listening = ear.listen()
  await scene.write(2)
  await ear.hears(2)
  await Promise.all([ear.stop(), listening])
  expect(tokens).toHaveLength(1)
})
