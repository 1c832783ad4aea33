import { expect, test } from 'vitest'
import { listenToInbox, sendToGroup } from '../support/messages.ts'
import { startServer } from '../support/testkit.ts'
import { type Ask, codeOf, overHttp, overSocket, RATE_LIMITED } from './rate-limited.ts'
import { newScene } from './scene.ts'

const THREE = { points: 3, duration: 3_600_000 }

const SEND = 'mutation { sendDirectMessage(input: { to: { username: "jerry" }, content: "Hello" }) { cursor } }'

test.each([
  ['send', SEND],
  ['mutation', 'mutation { updateProfile(input: { displayName: "Tom" }) { user { id } } }'],
  ['mutation', 'mutation { createGroup(input: { name: "Cats" }) { group { id } } }'],
  ['search', '{ searchMessages(query: "hello") { edges { cursor } } }'],
  ['search', '{ users(search: "tom") { edges { cursor } } }'],
  ['search', '{ groups(discover: true) { edges { cursor } } }'],
])('The rate of each %s counts for one user, over HTTP and sockets together: %s', async (name, query) => {
  const server = await startServer({ rates: { [name]: THREE } })
  const [tom, jerry] = [await server.register('tom'), await server.register('jerry')]
  const http = overHttp(tom)
  const socket = await overSocket(server, tom.accessToken)

  for (const ask of [http, socket, http]) expect(await ask(query)).toBeUndefined()

  expect(await http(query)).toEqual([RATE_LIMITED])
  expect(await socket(query)).toEqual([RATE_LIMITED])
  expect(await http('{ viewer { id } }')).toBeUndefined()
  expect(await overHttp(jerry)(query.replace('jerry', 'tom'))).toBeUndefined()
})

test('Aliases are no way around', async () => {
  const { tom } = await newScene({ rates: { send: THREE } })
  const field = SEND.slice('mutation { '.length, -1)
  const aliases = ['a', 'b', 'c', 'd', 'e'].map((alias) => `${alias}: ${field}`)
  expect(await overHttp(tom)(`mutation { ${aliases.join(' ')} }`)).toEqual([RATE_LIMITED])
})

test('Members that are looked for count as a search by each alias, and a list of them doesn’t', async () => {
  const { group, tom } = await newScene({ rates: { search: THREE } })
  const ask = (fields: string) => overHttp(tom)(`{ group(id: "${group.id}") { ${fields} } }`)
  const find = (alias: string) => `${alias}: members(search: "j") { edges { cursor } }`

  for (let time = 0; time < 4; time++) expect(await ask('members { edges { cursor } }')).toBeUndefined()
  expect(await ask(`${find('a')} ${find('b')}`)).toBeUndefined()
  expect(await ask(`${find('a')} ${find('b')}`)).toEqual([RATE_LIMITED])
})

test('Subscriptions count when they begin, over SSE and sockets together', async () => {
  const { server, tom } = await newScene({ rates: { subscribe: THREE } })
  const query = 'subscription { inbox { cursor } }'
  const listeners = [tom.listen(listenToInbox), tom.listenOverSse(listenToInbox), tom.listen(listenToInbox)]
  await Promise.all(listeners.map(({ ready }) => ready))

  const socket = await overSocket(server, tom.accessToken)
  expect(await socket(query)).toEqual([RATE_LIMITED])
  expect(await overHttp(tom)(query)).toEqual([RATE_LIMITED])
})

test('A conversation takes so many messages from all of its members, and strangers use up none', async () => {
  const { group, tom, jerry, spike } = await newScene({ rates: { conversation: THREE } })
  const send = (who: typeof tom) => codeOf(who.request(sendToGroup, { input: { groupId: group.id, content: 'Hi' } }))

  for (let time = 0; time < 5; time++) expect(await send(spike)).toBe('NOT_FOUND')
  for (const who of [tom, jerry, tom]) expect(await send(who)).toBeNull()
  expect(await send(tom)).toBe('RATE_LIMITED')
  expect(await send(jerry)).toBe('RATE_LIMITED')
})

test('What is marked or typed has no rate', async () => {
  const { group, tom } = await newScene({ rates: { mutation: { points: 1, duration: 3_600_000 } } })
  const input = `input: { conversationId: "${group.id}"`
  const ask = overHttp(tom)
  for (let time = 0; time < 3; time++) {
    expect(await ask(`mutation { setTyping(${input}, typing: true }) { ok } }`)).toBeUndefined()
    expect(await ask(`mutation { markRead(${input}, upToSeq: 1 }) { conversation { id } } }`)).toBeUndefined()
  }
})

test.each(['nobody', 'somebody with a token that isn’t ours'])(
  'A network asks so much as %s, over HTTP and sockets together, whether it is understood or not',
  async (who) => {
    const server = await startServer({ rates: { anonymous: THREE } })
    const http = overHttp(server.anonymous, who === 'nobody' ? {} : { authorization: 'Bearer of.no.token' })
    const socket: Ask = await overSocket(server, null)

    expect(await http('{ __typename }')).toBeUndefined()
    expect(await http('{ nothing')).toEqual([expect.objectContaining({ message: expect.stringContaining('Syntax') })])
    expect(await socket('{ __typename }')).toBeUndefined()

    expect(await http('{ __typename }')).toEqual([RATE_LIMITED])
    expect(await socket('{ __typename }')).toEqual([RATE_LIMITED])
  },
)

test('A session asks so much, over HTTP and sockets together, and another one of the same user by itself', async () => {
  const server = await startServer({ rates: { operation: THREE } })
  const tom = await server.register('tom')
  const http = overHttp(tom)
  const socket = await overSocket(server, tom.accessToken)
  expect(await http('{ viewer { id } }')).toBeUndefined()
  expect(await socket('{ viewer { id } }')).toBeUndefined()
  expect(await http('{ nothing')).toEqual([expect.objectContaining({ message: expect.stringContaining('Syntax') })])

  expect(await http('{ viewer { id } }')).toEqual([RATE_LIMITED])
  expect(await socket('{ viewer { id } }')).toEqual([RATE_LIMITED])
  const elsewhere = overHttp(await server.login(tom))
  expect(await elsewhere('mutation { logoutEverywhere { ok } }')).toBeUndefined()
})

test('Sessions are refreshed so often from one network', async () => {
  const { server, tom, jerry } = await newScene({ rates: { refresh: { points: 2, duration: 3_600_000 } } })
  const refresh = 'mutation ($t: String!) { refreshSession(input: { refreshToken: $t }) { accessToken } }'
  const http = overHttp(server.anonymous)
  const socket = await overSocket(server, null)
  expect(await http(refresh, { t: tom.refreshToken })).toBeUndefined()
  expect(await socket(refresh, { t: jerry.refreshToken })).toBeUndefined()
  expect(await http(refresh, { t: tom.refreshToken })).toEqual([RATE_LIMITED])
  expect(await socket(refresh, { t: tom.refreshToken })).toEqual([RATE_LIMITED])
})
