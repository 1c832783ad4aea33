import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LogReader, LogScope } from '../../src/log/reader.ts'
import type { ListenToGroupSubscription } from '../generated/graphql.ts'
import { graphql } from '../support/graphql.ts'
import {
  deleteMessage,
  directHistory,
  editMessage,
  groupHistory,
  listenToDirect,
  listenToGroup,
  listenToInbox,
  newGroup,
  sendDirect,
  sendToGroup,
} from '../support/messages.ts'
import { isSoak } from '../support/soak.ts'
import { startServer, type TestUser } from '../support/testkit.ts'

const ROUNDS = { numRuns: isSoak ? 60 : 8 }
const ALL = 200 // messages of a page: more than a round has

const logCursor = graphql(`query LogCursor { conversations(first: 0) { cursor } }`)

const allConversations = graphql(`
  query AllConversations {
    conversations(first: 50) {
      cursor
      edges { node { id messages(first: 200) { edges { node { seq } } } } }
    }
  }
`)

type Event = ListenToGroupSubscription['groupMessages']

/** When Jerry reads and when he begins to listen, by the number of changes that the others have made until then. */
interface Moments {
  beforeReading: number
  beforeListening: number
  afterwards: number
  writers: number
}

const anyMoments: fc.Arbitrary<Moments> = fc.record({
  beforeReading: fc.nat(10),
  beforeListening: fc.nat(10),
  afterwards: fc.nat(10),
  writers: fc.integer({ min: 1, max: 4 }),
})

/** Others who write all at once, again and again, until they have done so many changes. */
class Writers {
  #left = 0
  #done = 0
  #progress = Promise.withResolvers<void>()

  async write(change: () => Promise<unknown>, { beforeReading, beforeListening, afterwards, writers }: Moments) {
    this.#done = 0
    this.#left = beforeReading + beforeListening + afterwards
    let unbegun = this.#left
    const writer = async () => {
      while (unbegun-- > 0) {
        await change()
        this.#done++
        this.#left--
        this.#progress.resolve()
        this.#progress = Promise.withResolvers()
      }
    }
    await Promise.all(Array.from({ length: writers }, writer))
  }

  async haveDone(count: number) {
    while (this.#done < count) await this.#progress.promise
  }

  /** Has them get a word in between any two steps of what the server reads. */
  interrupt(reader: LogReader) {
    const slowly =
      <Args extends unknown[], Result>(read: (...args: Args) => Promise<Result>) =>
      async (...args: Args) => {
        if (this.#left > 0) await this.#progress.promise
        const result = await read(...args)
        if (this.#left > 0) await this.#progress.promise
        return result
      }
    const slowLog = ({ head, changes }: LogScope): LogScope => ({ head: slowly(head), changes: slowly(changes) })
    const { head, history, conversationLog, inboxLog } = reader
    Object.assign(reader, {
      head: slowly(head),
      history: slowly(history),
      conversationLog: (id: string) => slowLog(conversationLog(id)),
      inboxLog: (id: string) => slowLog(inboxLog(id)),
    } satisfies Partial<LogReader>)
  }
}

async function neighbours() {
  const server = await startServer()
  const [tom, jerry] = [await server.register('tom'), await server.register('jerry')]
  const others = new Writers()
  others.interrupt(server.app.services.reader)

  return {
    server,
    tom,
    jerry,
    async newGroup(name: string) {
      const { createGroup } = await tom.request(newGroup, { name, memberIds: [jerry.id] })
      return createGroup.group.id
    },
    /** Jerry reads, then listens after the cursor that he has read, while others write; at last somebody says so. */
    async readThenListen<State extends { cursor: string }>(
      when: Moments,
      say: (content: string) => Promise<unknown>,
      read: () => Promise<State>,
      listen: (after: string) => { next: () => Promise<Event>; close: () => void },
      change = () => say('Hello'),
    ) {
      const writing = others.write(change, when)
      await others.haveDone(when.beforeReading)
      const state = await read()
      await others.haveDone(when.beforeReading + when.beforeListening)
      const ear = listen(state.cursor)
      await writing
      await say('The end')
      const events: Event[] = []
      while (events.at(-1)?.message.content !== 'The end') events.push(await ear.next())
      ear.close()
      return { state, events }
    },
  }
}

async function readGroup(reader: TestUser, id: string) {
  const { group } = await reader.request(groupHistory, { id, first: ALL })
  if (!group) throw new Error('There is no such group.')
  return { cursor: group.cursor, messages: group.messages.edges.map(({ node }) => node) }
}

function listenTo(reader: TestUser, groupId: string, after: string) {
  const ear = reader.listen(listenToGroup, { groupId, after })
  return { next: async () => (await ear.next()).groupMessages, close: ear.close }
}

const seqOf = ({ seq }: { seq: number }) => seq
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

test('A group’s subscription begins where the query ends that its cursor came from', async () => {
  const { tom, jerry, newGroup, readThenListen } = await neighbours()

  await fc.assert(
    fc.asyncProperty(anyMoments, async (when) => {
      const groupId = await newGroup('The house')
      const { state, events } = await readThenListen(
        when,
        (content) => tom.request(sendToGroup, { input: { groupId, content } }),
        () => readGroup(jerry, groupId),
        (after) => listenTo(jerry, groupId, after),
      )

      const { messages } = await readGroup(jerry, groupId)
      expect([...state.messages, ...events.map(({ message }) => message)].map(seqOf)).toEqual(upTo(messages.length))
      expect(events.filter(({ type }) => type !== 'CREATED')).toEqual([])
    }),
    ROUNDS,
  )
})

test('Where messages change meanwhile, what is told brings what was read to their latest state', async () => {
  const { tom, jerry, newGroup, readThenListen } = await neighbours()

  await fc.assert(
    fc.asyncProperty(anyMoments, fc.infiniteStream(fc.nat(5)), async (when, chances) => {
      const groupId = await newGroup('The house')
      const sent: string[] = []
      const say = async (content: string) => {
        const { sendGroupMessage } = await tom.request(sendToGroup, { input: { groupId, content } })
        sent.push(sendGroupMessage.message.id)
      }
      const change = async () => {
        const chance = chances.next().value
        const messageId = sent.at(-1 - chance)
        if (!messageId || chance < 2) await say('Hello')
        else if (chance === 2) await tom.request(deleteMessage, { messageId })
        // One that has been deleted meanwhile can't be edited.
        else await tom.request(editMessage, { messageId, content: `Hello ${sent.length}` }).catch(() => say('Hello'))
      }
      const { state, events } = await readThenListen(
        when,
        say,
        () => readGroup(jerry, groupId),
        (after) => listenTo(jerry, groupId, after),
        change,
      )

      const known = new Map(state.messages.map((message) => [message.seq, message]))
      for (const { type, message } of events) {
        if (type === 'CREATED') expect(known.keys()).not.toContain(message.seq)
        known.set(message.seq, message)
      }
      const { messages } = await readGroup(jerry, groupId)
      expect([...known.values()].toSorted((a, b) => a.seq - b.seq)).toEqual(messages)
    }),
    ROUNDS,
  )
})

test('So it is between two, even from before their first message on', async () => {
  const { server, jerry, readThenListen } = await neighbours()
  let strangers = 0

  await fc.assert(
    fc.asyncProperty(anyMoments, async (when) => {
      const stranger = await server.register(`stranger-${++strangers}`)
      const { state, events } = await readThenListen(
        when,
        (content) => stranger.request(sendDirect, { input: { to: { username: 'jerry' }, content } }),
        async () => {
          // What doesn't exist yet has no cursor: take one of the whole log first.
          const { conversations } = await jerry.request(logCursor)
          const { directConversation } = await jerry.request(directHistory, { with: stranger.username, first: ALL })
          const messages = directConversation?.messages.edges.map(({ node }) => node) ?? []
          return { cursor: directConversation?.cursor ?? conversations.cursor, messages }
        },
        (after) => {
          const ear = jerry.listen(listenToDirect, { with: stranger.username, after })
          return { next: async () => (await ear.next()).directMessages, close: ear.close }
        },
      )

      const told = [...state.messages, ...events.map(({ message }) => message)]
      const written = when.beforeReading + when.beforeListening + when.afterwards
      expect(told.map(seqOf)).toEqual(upTo(written + 1))
    }),
    ROUNDS,
  )
})

test('An inbox misses nothing after the list of conversations, and tells each thing once', async () => {
  const { tom, jerry, newGroup, readThenListen } = await neighbours()

  await fc.assert(
    fc.asyncProperty(anyMoments, async (when) => {
      const groupIds = [await newGroup('The house'), await newGroup('The street')]
      let turn = 0
      const { state, events } = await readThenListen(
        when,
        (content) => tom.request(sendToGroup, { input: { groupId: groupIds[turn++ % 2] ?? '', content } }),
        async () => (await jerry.request(allConversations)).conversations,
        (after) => {
          const ear = jerry.listen(listenToInbox, { after })
          return { next: async () => (await ear.next()).inbox, close: ear.close }
        },
      )

      for (const groupId of groupIds) {
        const group = state.edges.find(({ node }) => node.id === groupId)?.node
        const shown = group?.messages.edges.map(({ node }) => node.seq) ?? []
        const told = events
          .filter(({ message }) => message.conversation.id === groupId)
          .map(({ message }) => message.seq)
        const { messages } = await readGroup(jerry, groupId)
        expect([...new Set([...shown, ...told])]).toEqual(upTo(messages.length))
        // The list's cursor was taken before the list was read, which may show more than that already.
        expect(told).toEqual(upTo(messages.length).slice(messages.length - told.length))
      }
    }),
    ROUNDS,
  )
})
