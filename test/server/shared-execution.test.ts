import { type GraphQLOutputType, getNamedType, isInterfaceType, isObjectType } from 'graphql'
import { expect, test, vi } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'
import { openBareSocket, openSignedInSocket } from '../support/bare-socket.ts'
import { graphql } from '../support/graphql.ts'
import { newGroup, removeFromGroup } from '../support/messages.ts'
import { startServer, type TestServer, type TestUser } from '../support/testkit.ts'

const sayBriefly = graphql(`
  mutation SayBriefly($input: SendGroupMessageInput!) { sendGroupMessage(input: $input) { message { id } } }
`)

const nodBriefly = graphql(`
  mutation NodBriefly($messageId: ID!) { addReaction(input: { messageId: $messageId, emoji: "👍" }) { message { id } } }
`)

/** Tom and Jerry in a group, on a server that counts how often an event, its cursor selected, is executed. */
async function startHouse({ sharedExecution = true } = {}) {
  const server = await startServer({ sharedExecution })
  const [tom, jerry] = (await Promise.all(['tom', 'jerry'].map(server.register))) as [TestUser, TestUser]
  const { createGroup } = await tom.request(newGroup, { name: 'The house', memberIds: [jerry.id] })
  const groupId = createGroup.group.id
  return {
    server,
    tom,
    jerry,
    groupId,
    executions: vi.spyOn(server.app.services.cursors, 'encode'),
    say: (content: string) => tom.request(sayBriefly, { input: { groupId, content } }),
  }
}

/** Listens with a socket of its own. @returns what gives the next message on the line */
async function listen(
  { url }: TestServer,
  { accessToken }: TestUser,
  query: string,
  variables: Record<string, unknown> = {},
  id = 'listen',
) {
  const bare = await openSignedInSocket(url, accessToken)
  bare.send({ type: 'subscribe', id, payload: { query, variables } })
  bare.send({ type: 'subscribe', id: 'ready', payload: { query: '{ __typename }' } })
  await bare.next()
  await bare.next()
  return bare.next
}

/** Asks without having signed in. */
async function openAndAsk({ url }: TestServer, query: string, variables: Record<string, unknown>) {
  const bare = await openBareSocket(url)
  bare.send({ type: 'connection_init' })
  await bare.next()
  bare.send({ type: 'subscribe', id: 'ask', payload: { query, variables } })
  return bare.next
}

const plain = 'subscription { inbox { cursor message { content sender { username } conversation { id } } } }'

test('Those who ask for the same, at whatever place and under whatever id, cost one execution', async () => {
  const { server, tom, jerry, groupId, executions, say } = await startHouse()
  const ofGroup = `subscription ($group: ID!, $after: Cursor, $deep: Boolean = false) {
    groupMessages(groupId: $group, after: $after) { cursor message { content replyTo @include(if: $deep) { id } } }
  }`
  const { cursor } = (await tom.request(newGroup, { name: 'Another' })).createGroup.group
  executions.mockClear()

  const inboxes = [
    await listen(server, tom, plain),
    await listen(server, jerry, plain, {}, 'another id, of 日本'),
    await listen(server, jerry, plain),
  ]
  await say('Hello')
  for (const [index, next] of inboxes.entries()) {
    const { id, payload } = await next()
    expect(id).toBe(index === 1 ? 'another id, of 日本' : 'listen')
    expect(payload).toMatchObject({ data: { inbox: { message: { content: 'Hello' } } } })
  }
  expect(executions).toHaveBeenCalledTimes(1)

  const inGroup = [
    await listen(server, tom, ofGroup, { group: groupId }),
    await listen(server, jerry, ofGroup, { group: groupId, after: cursor }),
    await listen(server, jerry, ofGroup, { group: groupId, deep: true }),
  ]
  // What was missed comes first, by itself.
  await inGroup[1]?.()
  executions.mockClear()
  await say('Anybody there?')
  for (const next of inGroup) {
    expect(await next()).toMatchObject({
      payload: { data: { groupMessages: { message: { content: 'Anybody there?' } } } },
    })
  }
  expect(executions).toHaveBeenCalledTimes(1 + 2)
})

const marked = {
  directly: ['subscription { inbox { cursor message { conversation { unreadCount } } } }'],
  'in a fragment': [
    'subscription { inbox { cursor message { ...M } } } fragment M on Message { conversation { unreadCount } }',
  ],
  'under an alias': ['subscription { inbox { cursor message { conversation { peers: unreadCount } } } }'],
  'of a type behind an interface': [
    'subscription { inbox { cursor message { conversation { ... on Group { viewerRole } } } } }',
  ],
  'of a reaction': ['subscription { inbox { cursor message { reactions { emoji viewerHasReacted } } } }'],
  'of what is read': ['subscription { inbox { cursor message { conversation { mentionCount } } } }'],
  'of a member': ['subscription { inbox { cursor message { sender { email } } } }'],
  'under a condition that holds': [
    'subscription ($w: Boolean!) { inbox { cursor message { conversation { unreadCount @include(if: $w) } } } }',
    { w: true },
  ],
  'under a condition that doesn’t': [
    'subscription ($w: Boolean!) { inbox { cursor message { conversation { id unreadCount @include(if: $w) } } } }',
    { w: false },
  ],
} as const

test.for(Object.entries(marked))(
  'Who asks for what depends on him, %s, is answered by himself',
  async ([, [query, variables]]) => {
    const { server, tom, jerry, executions, say } = await startHouse()
    await tom.post({ query: 'mutation { updateProfile(input: { email: "tom@temp.com" }) { user { id } } }' })
    const { id: messageId } = (await say('Hello, @jerry')).sendGroupMessage.message
    const listeners = [await listen(server, tom, query, variables), await listen(server, jerry, query, variables)]
    await tom.request(nodBriefly, { messageId })
    const told = [await listeners[0]?.(), await listeners[1]?.()]
    expect(executions).toHaveBeenCalledTimes(2)
    if (!variables || variables.w) expect(told[0]?.payload).not.toEqual(told[1]?.payload)
  },
)

test('What isn’t marked depends on nobody: all of it together is executed once', async () => {
  const { server, tom, jerry, executions, say } = await startHouse()
  const query = `subscription { inbox { ${selectUnmarked(schema.getType('MessageEvent') as GraphQLOutputType, 4)} } }`
  const { id: messageId } = (await say('Hello, @jerry')).sendGroupMessage.message
  const listeners = [await listen(server, tom, query), await listen(server, jerry, query)]
  await tom.request(nodBriefly, { messageId })
  const told = [await listeners[0]?.(), await listeners[1]?.()]
  expect(told[0]).toEqual(told[1])
  for (const part of ['memberCount', '"emoji":', '"mentions":[{']) expect(JSON.stringify(told[0])).toContain(part)
  expect(executions).toHaveBeenCalledTimes(1)
})

/** Every field that needs no argument and isn't marked, to a depth. */
function selectUnmarked(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type)
  if (!isObjectType(named) && !isInterfaceType(named)) return ''
  const fields = Object.values(named.getFields())
    .filter(({ extensions }) => !extensions['viewerDependent'])
    .flatMap(({ name, type }) => {
      const isLeaf = !('getFields' in getNamedType(type))
      return isLeaf ? [name] : depth > 0 ? [`${name} { ${selectUnmarked(type, depth - 1)} }`] : []
    })
  // Under names of their own, as types may differ in what they call by one name.
  const types = isInterfaceType(named) ? schema.getPossibleTypes(named) : []
  const ofTypes = types.map((type) => `... on ${type.name} { ${selectUnmarked(type, depth)} }`)
  return ['__typename', ...fields, ...ofTypes].join(' ')
}

test('An error reaches each of them as if he were alone, and nobody is told more', async () => {
  const { server, tom, jerry, say } = await startHouse()
  const alone = await listen(server, tom, 'subscription { inbox { message { conversation { id unreadCount } } } }')
  const together = [await listen(server, tom, plain), await listen(server, jerry, plain)]
  vi.spyOn(server.app.services.messageLoaders, 'conversation').mockRejectedValue(new Error('The disk is on fire'))
  await say('Hello')
  const { type, payload } = await alone()
  expect(type).toBe('error')
  expect(JSON.stringify(payload)).not.toContain('fire')
  for (const next of together)
    expect(await next()).toMatchObject({ type, payload: [{ message: (payload as Error[])[0]?.message }] })
  expect(server.app.census().rooms).toBe(0)
})

test('Who asks wrongly spoils it for nobody', async () => {
  const { server, tom, jerry, groupId, executions, say } = await startHouse()
  const ofGroup = `subscription ($group: ID!, $after: Cursor, $deep: Boolean = false) {
    groupMessages(groupId: $group, after: $after) { cursor message { content replyTo @include(if: $deep) { id } } }
  }`
  for (const variables of [{}, { group: groupId, after: 5 }, { group: groupId, deep: null }]) {
    const next = await openAndAsk(server, ofGroup, variables)
    expect(await next()).toMatchObject({ payload: { errors: [{}] } })
  }

  const listeners = [
    await listen(server, tom, ofGroup, { group: groupId }),
    await listen(server, jerry, ofGroup, { group: groupId, undeclared: 1 }),
  ]
  executions.mockClear()
  await say('Hello')
  for (const next of listeners) {
    expect(await next()).toMatchObject({ payload: { data: { groupMessages: { message: { content: 'Hello' } } } } })
  }
  expect(executions).toHaveBeenCalledTimes(1)
})

test('A question of great length is kept for nobody', async () => {
  const { server, tom, jerry, executions, say } = await startHouse()
  const padded = `${plain} # ${'x'.repeat(20_000)}`
  const listeners = [await listen(server, tom, padded), await listen(server, jerry, padded)]
  await say('Hello')
  for (const next of listeners) {
    expect(await next()).toMatchObject({ payload: { data: { inbox: { message: { content: 'Hello' } } } } })
  }
  expect(executions).toHaveBeenCalledTimes(2)
})

test('A frame of any length, of whatever letters, arrives as it was sent', async () => {
  const { server, jerry, say } = await startHouse()
  const next = await listen(server, jerry, 'subscription { inbox { message { a: content b: content c: content } } }')
  const lengths = [1, 5, 6, 7, 8, 20, 100, 4_000]
  const texts = lengths.flatMap((length) => ['a', 'é', '漢'].map((letter) => letter.repeat(length)))
  for (const content of [...texts, '😀'.repeat(1_000)]) {
    await say(content)
    expect(await next()).toEqual({
      id: 'listen',
      type: 'next',
      payload: { data: { inbox: { message: { a: content, b: content, c: content } } } },
    })
  }
})

test.each([{ sharedExecution: true }, { sharedExecution: false }])(
  'Whoever is removed while it is being executed is not told of it: %o',
  async (how) => {
    const { server, tom, jerry, groupId, say } = await startHouse(how)
    const { messageLoaders } = server.app.services
    const { conversation } = messageLoaders
    const [began, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    vi.spyOn(messageLoaders, 'conversation').mockImplementation(async (message) => {
      began.resolve()
      await goOn.promise
      return conversation(message)
    })
    const [toms, jerrys] = [await listen(server, tom, plain), await listen(server, jerry, plain)]
    await say('Only for Tom')
    await began.promise
    await tom.request(removeFromGroup, { groupId, username: 'jerry' })
    goOn.resolve()
    expect(await toms()).toMatchObject({ payload: { data: { inbox: { message: { content: 'Only for Tom' } } } } })
    await jerry.post({
      query: `mutation { sendDirectMessage(input: { to: { username: "tom" }, content: "Bye" }) { cursor } }`,
    })
    expect(await jerrys()).toMatchObject({ payload: { data: { inbox: { message: { content: 'Bye' } } } } })
  },
)
