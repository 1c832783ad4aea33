import { expect, onTestFinished, test } from 'vitest'
import { seedServer } from '../../scripts/seed/seed-server.ts'
import { openDatabase } from '../../src/database/database.ts'
import { Prisma } from '../../src/generated/prisma/client.ts'
import { startCommand } from '../support/command-process.ts'
import { graphql } from '../support/graphql.ts'
import { listenToInbox, sendDirect } from '../support/messages.ts'
import { newDatabase, startServer } from '../support/testkit.ts'

const worldOf = graphql(`
  query SeededWorld {
    viewer { id }
    conversations(first: 200) {
      cursor
      edges {
        node {
          __typename unreadCount
          ... on Group { name memberCount }
          ... on DirectConversation { peer { username } }
          lastMessage { seq }
          members(first: 200) { edges { node { readSeq user { id } } } }
          messages(first: 200) {
            edges {
              node {
                seq kind content createdAt sender { id username } replyTo { seq }
                reactions { emoji count users { username } }
              }
            }
          }
        }
      }
    }
  }
`)

const searchFor = graphql(`
  query SearchSeeded($query: String!) { searchMessages(query: $query) { edges { node { content } } } }
`)

const QUIET = { report() {}, end() {} }
const UNTIL = new Date('2026-03-01T12:00:00Z')

/** A database with eight people and the demo users. */
async function seededDatabase(seed: number) {
  const databaseUrl = await newDatabase()
  const database = await openDatabase(databaseUrl)
  const options = { users: 8, messages: 400, until: UNTIL, force: false, progress: QUIET }
  const summary = await seedServer({ ...options, seed, database })
  return { databaseUrl, database, summary }
}

/** A server on it, and what tom sees there. */
async function seededServer() {
  const { databaseUrl, database, summary } = await seededDatabase(1)
  await database.close()
  // All that there is, at once.
  const server = await startServer({ databaseUrl, limits: { cost: Infinity } })
  const tom = await server.login({ username: 'tom', password: 'password123' })
  const { viewer, conversations } = await tom.request(worldOf)
  const seen = conversations.edges.map(({ node }) => node)
  return { summary, server, tom, tomId: viewer.id, cursor: conversations.cursor, seen }
}

test('Seeded conversations are as if all had been sent: numbered, unread, found, and gone on with', async () => {
  const { summary, server, tom, tomId, cursor, seen } = await seededServer()
  expect(summary).toMatch(/^8 users, \d+ conversations and 400 messages are there/)
  expect(new Set(seen.map(({ __typename }) => __typename))).toEqual(new Set(['Group', 'DirectConversation']))
  expect(seen.some((node) => node.__typename === 'DirectConversation' && node.peer.username === 'jerry')).toBe(true)

  for (const { members, messages, unreadCount, lastMessage, ...conversation } of seen) {
    const all = messages.edges.map(({ node }) => node)
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1))
    expect(lastMessage?.seq ?? 0).toBe(all.length)
    const times = all.map(({ createdAt }) => createdAt)
    expect(times).toEqual(times.toSorted())
    expect(times.every((time) => time <= UNTIL.toISOString())).toBe(true)
    const readSeq = members.edges.find(({ node }) => node.user.id === tomId)?.node.readSeq ?? 0
    const unread = all.filter(({ seq, kind, sender }) => seq > readSeq && kind !== 'SYSTEM' && sender.id !== tomId)
    expect(unreadCount).toBe(unread.length)
    if (conversation.__typename === 'Group') {
      expect(all.filter(({ kind }) => kind === 'SYSTEM')).toHaveLength(conversation.memberCount)
    }
  }
  const messages = seen.flatMap((node) => node.messages.edges.map((edge) => edge.node))
  expect(seen.some(({ unreadCount }) => unreadCount > 0)).toBe(true)
  expect(messages.some(({ replyTo }) => replyTo)).toBe(true)
  const reactions = messages.flatMap((message) => message.reactions)
  expect(reactions.length).toBeGreaterThan(0)
  for (const { count, users } of reactions) expect(users).toHaveLength(count)
  const { searchMessages } = await tom.request(searchFor, { query: 'thanks' })
  expect(searchMessages.edges.length).toBeGreaterThan(0)

  const jerry = await server.login({ username: 'jerry', password: 'password123' })
  const listener = jerry.listen(listenToInbox, { after: cursor })
  await tom.request(sendDirect, { input: { to: { username: 'jerry' }, content: 'Live again' } })
  expect((await listener.next()).inbox.message.content).toBe('Live again')
})

test('The same seed makes the same world, and another one another', async () => {
  const said = async (seed: number) => {
    const { database } = await seededDatabase(seed)
    const rows =
      await database.readSql.all(Prisma.sql`SELECT u."username", m."seq", m."content", m."createdAt", m."position"
      FROM "Message" m JOIN "User" u ON u."id" = m."senderId" ORDER BY m."position"`)
    await database.close()
    return rows
  }
  const [one, same, other] = [await said(7), await said(7), await said(8)]
  expect(one.length).toBeGreaterThan(400)
  expect(one).toEqual(same)
  expect(other).not.toEqual(one)
})

test('People who are there already are left alone, unless others are to be added', async () => {
  const database = await openDatabase(await newDatabase())
  onTestFinished(() => database.close())
  const options = { database, users: 5, messages: 50, seed: 1, until: UNTIL, progress: QUIET }

  await seedServer({ ...options, force: false })
  await expect(seedServer({ ...options, force: false })).rejects.toThrow('The database has 5 other users')
  await seedServer({ ...options, force: true })
  const people = await database.readSql.all(Prisma.sql`SELECT "username" FROM "User"`)
  expect(people).toHaveLength(12)
})

test('The command says what it has done', async () => {
  const { code, stdout } = await seed(await newDatabase())
  expect(code).toBe(0)
  expect(stdout).toMatch(/messages: 0 of[\s\S]*\n5 users, \d+ conversations and 50 messages are there.*tom, jerry/)
})

test('The command leaves a running server alone, and takes only whole numbers', async () => {
  const { databaseUrl } = await startServer()
  const [served, wrong] = await Promise.all([seed(databaseUrl, '--force'), seed(databaseUrl, '--users', 'many')])
  expect(served).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^An?(other)? ChatServer is running.*stop it.*\n$/),
  })
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/whole number/) })
})

function seed(DATABASE_URL: string, ...args: string[]) {
  return startCommand(['seed', '--users', '5', '--messages', '50', ...args], { DATABASE_URL }).exited
}
