import { decodeJwt } from 'jose'
import { expect, onTestFinished } from 'vitest'
import { login, refreshSession, register } from '../auth/operations.ts'
import { shorten } from '../auth/short-lived.ts'
import type { ListenToGroupSubscription, ListenToGroupSubscriptionVariables } from '../generated/graphql.ts'
import { createEventQueue, type EventSink } from '../support/event-queue.ts'
import type { TypedDocumentString } from '../support/graphql.ts'
import { deleteMessage, editMessage, groupHistory, newGroup, sendToGroup } from '../support/messages.ts'
import type { Variables } from '../support/operation.ts'
import { newDatabase, startServer } from '../support/testkit.ts'

const jwtSecret = 'a key of tokens, that this test knows'
const LIFETIME = 3_000 // ms of the first access token
const PAGE = 3

/** A client library, as people use it. */
export interface RealClient {
  request<Data, V extends Variables>(document: TypedDocumentString<Data, V>, variables: V): Promise<Data>
  /** Hands over each event after the cursor, whatever becomes of the line. */
  follow(variables: ListenToGroupSubscriptionVariables, sink: EventSink<ListenToGroupSubscription>): void
  close(): void
}

export interface RealClientOptions {
  /** `http://…/graphql` */
  url: string
  /** Empty for nobody. */
  getToken: () => string | Promise<string>
}

/**
 * Tom's whole conversation with Jerry, by one client library: he registers, signs in, founds a group, and sees what is
 * said there live, while the server restarts and his token expires; then he reads it all again, page by page.
 */
export async function converse(connect: (options: RealClientOptions) => RealClient): Promise<void> {
  const databaseUrl = await newDatabase()
  const server = await startServer({ databaseUrl, jwtSecret })
  const jerry = await server.register('jerry')

  function open(getToken: RealClientOptions['getToken']) {
    const client = connect({ url: server.url, getToken })
    onTestFinished(() => client.close())
    return client
  }
  const nobody = open(() => '')
  const account = { username: 'tom', password: 'the password of tom' }
  await nobody.request(register, { input: account })
  const session = await signIn(nobody, account)
  const tom = open(session.getToken)

  const { createGroup } = await tom.request(newGroup, { name: 'The house', memberIds: [jerry.id] })
  const { id: groupId, cursor } = createGroup.group
  const { queue, sink } = createEventQueue<ListenToGroupSubscription>()
  tom.follow({ groupId, after: cursor }, sink)
  const say = (content: string) => tom.request(sendToGroup, { input: { groupId, content } })
  async function hear() {
    const { type, message } = (await queue.next()).groupMessages
    return [type, message.content]
  }

  await jerry.request(sendToGroup, { input: { groupId, content: 'Anybody home?' } })
  expect(await hear()).toEqual(['CREATED', 'Anybody home?'])
  const { sendGroupMessage: sent } = await say('It is me')
  expect(await hear()).toEqual(['CREATED', 'It is me'])
  await tom.request(editMessage, { messageId: sent.message.id, content: 'It is I' })
  expect(await hear()).toEqual(['UPDATED', 'It is I'])
  const { sendGroupMessage: regretted } = await say('Where is the cheese?')
  expect(await hear()).toEqual(['CREATED', 'Where is the cheese?'])
  await tom.request(deleteMessage, { messageId: regretted.message.id })
  expect(await hear()).toEqual(['DELETED', null])

  await server.stop()
  const restarted = await startServer({ databaseUrl, jwtSecret, port: Number(new URL(server.url).port) })
  const jerryAgain = restarted.withToken(jerry.accessToken)
  await jerryAgain.request(sendToGroup, { input: { groupId, content: 'Still there?' } })
  expect(await hear()).toEqual(['CREATED', 'Still there?'])

  await session.refreshed
  await jerryAgain.request(sendToGroup, { input: { groupId, content: 'And now?' } })
  expect(await hear()).toEqual(['CREATED', 'And now?'])
  await say('Always')
  expect(await hear()).toEqual(['CREATED', 'Always'])

  expect(await readAll(tom, groupId)).toEqual(['Anybody home?', 'It is I', null, 'Still there?', 'And now?', 'Always'])
  expect(queue.untaken).toEqual([])
}

/** Signs in, and gets a fresh token where the old one has expired. */
async function signIn(client: RealClient, { username, password }: { username: string; password: string }) {
  const { login: signedIn } = await client.request(login, { login: username, password })
  const refreshed = Promise.withResolvers<void>()
  let { token } = await shorten(signedIn.accessToken, jwtSecret, LIFETIME)
  let { refreshToken } = signedIn
  let refreshing: Promise<void> | undefined

  async function refresh() {
    const { refreshSession: fresh } = await client.request(refreshSession, { refreshToken })
    token = fresh.accessToken
    refreshToken = fresh.refreshToken
    refreshed.resolve()
  }

  return {
    /** Resolves once the first token has had its day. */
    refreshed: refreshed.promise,
    async getToken() {
      if (Number(decodeJwt(token).exp) * 1_000 > Date.now()) return token
      refreshing ??= refresh().finally(() => {
        refreshing = undefined
      })
      await refreshing
      return token
    },
  }
}

async function readAll(client: RealClient, id: string): Promise<unknown[]> {
  const contents: unknown[] = []
  let before: string | null = null
  do {
    const { group }: Awaited<ReturnType<typeof readPage>> = await readPage(client, id, before)
    if (!group) throw new Error('The group is gone')
    const { edges, pageInfo } = group.messages
    contents.unshift(...edges.flatMap(({ node }) => (node.kind === 'TEXT' || node.deletedAt ? [node.content] : [])))
    before = pageInfo.hasPreviousPage ? (pageInfo.startCursor ?? null) : null
  } while (before)
  return contents
}

function readPage(client: RealClient, id: string, before: string | null) {
  return client.request(groupHistory, { id, last: PAGE, before })
}
