import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type Database, openDatabase } from '../../src/database/database.ts'
import { badInput } from '../../src/errors.ts'
import { directConversationId } from '../../src/ids.ts'
import type { LogEvent } from '../../src/log/change.ts'
import type { Draft } from '../../src/log/draft.ts'
import { createLogReader } from '../../src/log/reader.ts'
import { createWriter } from '../../src/log/writer.ts'
import { newDatabase } from '../support/testkit.ts'

async function openLog() {
  const database = await openDatabase(await newDatabase())
  onTestFinished(() => database.close())
  await database.write(async (tx) => {
    for (const id of ['tom', 'jerry']) {
      await tx.user.create({ data: { id, username: id, usernameKey: id, displayName: id, createdAt: new Date() } })
    }
  })
  const events: LogEvent[] = []
  const writer = createWriter(database, (more) => events.push(...more))
  /** @returns what has been published, when all that was sent before has been */
  async function published(): Promise<LogEvent[]> {
    await writer.change(async () => {})
    return events
  }
  return { database, writer, published }
}

function draft(change: Partial<Draft> = {}): Draft {
  return {
    conversationId: directConversationId('tom', 'jerry'),
    senderId: 'tom',
    peerId: 'jerry',
    kind: 'TEXT',
    content: 'Hello',
    mediaUrl: null,
    replyToId: null,
    clientId: null,
    ...change,
  }
}

async function storedSeqs(database: Database): Promise<number[]> {
  const conversationId = directConversationId('tom', 'jerry')
  const range = { conversationId, afterSeq: 0, beforeSeq: 1_000, limit: 1_000, newestFirst: false }
  return (await createLogReader(database).history(range)).map(({ seq }) => seq)
}

test('Sends that arrive together are committed together, in their order', async () => {
  const { database, writer, published } = await openLog()
  const transactions = vi.spyOn(database, 'writeSql')

  const messages = await Promise.all(
    Array.from({ length: 50 }, (_, index) => writer.send(draft({ content: `${index}` }))),
  )

  expect(messages.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1))
  expect(messages.map(({ position }) => position)).toEqual(messages.map(({ seq }) => BigInt(seq)))
  // Both have entered the conversation, and fifty messages are in it.
  expect(await published()).toHaveLength(52)
  expect(transactions).toHaveBeenCalledOnce()
  expect(await storedSeqs(database)).toHaveLength(50)
})

test('A bad message fails alone, whether a rule or the database refuses it', async () => {
  const { database, writer } = await openLog()
  const unstorable = draft({ kind: null as unknown as Draft['kind'] })

  const outcomes = await Promise.allSettled([
    writer.send(draft()),
    writer.send(draft({ senderId: 'spike', peerId: null })),
    writer.send(draft({ replyToId: 'no message' })),
    writer.send(unstorable),
    writer.send(draft()),
  ])

  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected', 'fulfilled'])
  expect(await storedSeqs(database)).toEqual([1, 2])
})

test('A refused first message leaves no conversation, and its key free for another', async () => {
  const { database, writer, published } = await openLog()

  const outcomes = await Promise.allSettled([
    writer.send(draft({ clientId: 'key', replyToId: 'no message' })),
    writer.send(draft({ clientId: 'key', replyToId: 'no other message' })),
  ])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await database.read.conversation.count()).toBe(0)
  expect(await published()).toEqual([])

  const kept = await Promise.allSettled([
    writer.send(draft({ clientId: 'other', replyToId: 'no message' })),
    writer.send(draft({ clientId: 'other', content: 'Good' })),
    writer.send(draft({ clientId: 'other', content: 'Good' })),
    writer.send(draft({ clientId: 'other', content: 'Different' })),
  ])
  expect(kept.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'rejected'])
  expect(await storedSeqs(database)).toEqual([1])
})

test('Nobody who has gone can be written to, and no group’s way leads into a direct conversation', async () => {
  const { database, writer } = await openLog()
  await writer.send(draft())
  await expect(writer.send(draft({ peerId: null }))).rejects.toMatchObject({ code: 'NOT_FOUND' })

  await database.write((tx) => tx.user.create({ data: { ...gone, deletedAt: new Date() } }))
  const conversationId = directConversationId('tom', gone.id)
  await expect(writer.send(draft({ conversationId, peerId: gone.id }))).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

const gone = { id: 'gone', username: 'gone', usernameKey: 'gone', displayName: 'Deleted user', createdAt: new Date() }

test('A change that fails leaves nothing, is told to nobody, and holds nobody up', async () => {
  const { database, writer, published } = await openLog()
  const { id } = await writer.send(draft())

  const failing = writer.change(async (log) => {
    await log.updateMessage(id, { content: 'Changed' })
    throw badInput('content', 'No')
  })
  const later = writer.send(draft({ content: 'Later' }))

  await expect(failing).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  expect((await later).position).toBe(2n)
  expect(await database.read.message.findUnique({ where: { id } })).toMatchObject({ content: 'Hello', position: 1n })
  expect((await published()).filter(({ type }) => type === 'changed')).toHaveLength(2)
})

test('A message sent while an unrelated write fails and rolls back is not lost', async () => {
  const { database, writer } = await openLog()
  await writer.send(draft())
  const opened = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const failing = database.write(async (tx) => {
    await tx.user.update({ where: { id: 'tom' }, data: { displayName: 'Thomas' } })
    opened.resolve()
    await release.promise
    throw new Error('Rolled back')
  })
  await opened.promise

  const sending = writer.send(draft({ content: 'Kept' }))
  release.resolve()

  await expect(failing).rejects.toThrow('Rolled back')
  expect((await sending).seq).toBe(2)
  expect(await storedSeqs(database)).toEqual([1, 2])
  expect(await database.read.user.findUnique({ where: { id: 'tom' } })).toMatchObject({ displayName: 'tom' })
})

test('What is read can’t be written', async () => {
  const { database } = await openLog()

  await expect(database.read.log.update({ where: { id: 1 }, data: { position: 9 } })).rejects.toThrow(/readonly|25006/)
})

test('Sends of many turns are committed in few transactions, none of them too large', async () => {
  const { database, writer } = await openLog()
  await writer.send(draft())
  const transactions = vi.spyOn(database, 'writeSql')
  const sending: Promise<unknown>[] = []
  for (let turn = 0; turn < 10; turn++) {
    sending.push(...Array.from({ length: 45 }, (_, index) => writer.send(draft({ clientId: `${turn} ${index}` }))))
    await nextTurn()
  }
  await Promise.all(sending)

  const sizes = transactions.mock.settledResults.map(({ value }) => value.outcomes.length)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(200)
  expect(sizes.length).toBeLessThanOrEqual(5)
  expect(await storedSeqs(database)).toEqual(Array.from({ length: 451 }, (_, index) => index + 1))
})

test('What is sent is answered and published exactly as it is read afterwards', async () => {
  const { database, writer, published } = await openLog()
  const sent = await Promise.all([
    writer.send(draft({ content: 'One', clientId: 'key' })),
    writer.send(draft({ content: null, kind: 'IMAGE', mediaUrl: 'https://example.com/a.png' })),
  ])
  const again = await writer.send(draft({ content: 'One', clientId: 'key' }))
  const include = { sender: true }
  const stored = await database.read.message.findMany({ include, orderBy: { seq: 'asc' } })

  expect(sent).toEqual(stored)
  expect(again).toEqual(stored[0])
  expect(await createLogReader(database).messages(stored.map(({ id }) => id))).toEqual(stored)
  const changed = (await published()).flatMap((event) => (event.type === 'changed' ? [event.message] : []))
  expect(changed).toEqual(stored)
})

test('The server’s words are appended together, each after what it tells of, and are nothing to read', async () => {
  const { database, writer, published } = await openLog()
  await writer.send(draft())
  const conversationId = directConversationId('tom', 'jerry')
  const appended = await writer.change((log) =>
    log.appendSystemMessages([
      { conversationId, senderId: 'tom', content: 'came', tells: 'entered' },
      { conversationId, senderId: 'jerry', content: 'is here' },
      { conversationId, senderId: 'tom', content: 'went', tells: 'left' },
    ]),
  )

  expect((await published()).slice(-5).map(({ type }) => type)).toEqual([
    'entered',
    'changed',
    'changed',
    'left',
    'changed',
  ])
  expect(appended.map(({ seq, textOrdinal }) => [seq, textOrdinal])).toEqual([2, 3, 4].map((seq) => [seq, 1]))
  expect(appended.map(({ previousPosition }) => previousPosition)).toEqual([1n, 2n, 3n])
  const where = { id: conversationId }
  expect(await database.read.conversation.findUnique({ where })).toMatchObject({
    lastSeq: 4,
    textCount: 1,
    position: 4n,
  })
  expect(await database.read.message.findMany({ where: { kind: 'SYSTEM' }, include: { sender: true } })).toEqual(
    appended,
  )
  expect(await database.read.member.findMany({ orderBy: { skippedCount: 'asc' } })).toMatchObject([
    { userId: 'jerry', skippedCount: 0 },
    { userId: 'tom', skippedCount: 1 },
  ])
})

test('A change by SQL alone is told once it is durable, and leaves nothing where it fails', async () => {
  const { database, writer, published } = await openLog()
  const { id, position } = await writer.send(draft())

  const failing = writer.changeSql(async (log) => {
    await log.touchMessages([id])
    throw badInput('emoji', 'No')
  })
  await expect(failing).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  const touched = await writer.changeSql(async (log) => log.touchMessages([id, 'no message']))
  const later = await writer.send(draft({ content: 'Later' }))

  expect(touched).toMatchObject([{ id, position: position + 1n, previousPosition: position }])
  expect(later).toMatchObject({ position: position + 2n, previousPosition: position + 1n })
  expect(await database.read.message.findUnique({ where: { id } })).toMatchObject({ position: position + 1n })
  const changes = (await published()).filter((event) => event.type === 'changed')
  expect(changes.map(({ message }) => message.position - position)).toEqual([0n, 1n, 2n])
})
