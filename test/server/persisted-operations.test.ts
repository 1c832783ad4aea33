import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { generate } from '@graphql-codegen/cli'
import { Client, fetchExchange, mapExchange } from '@urql/core'
import { getIntrospectionQuery } from 'graphql'
import { createClient } from 'graphql-ws'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { StartError } from '../../src/errors.ts'
import { attempt, TRANSPORTS } from '../security/transports.ts'
import { openSignedInSocket } from '../support/bare-socket.ts'
import { startServer, temporaryFolder } from '../support/testkit.ts'

const WHO = 'query Who($by: UserRef!) { user(by: $by) { displayName ...Named } } fragment Named on User { username }'
const REGISTER = 'mutation Register($input: RegisterInput!) { register(input: $input) { accessToken } }'
const LISTEN = 'subscription Listen { inbox { type } }'
const SCHEMA = join(import.meta.dirname, '../../schema.graphql')

const TOM = { by: { username: 'tom' } }
const NOT_LISTED = { errors: [{ extensions: { code: 'OPERATION_NOT_LISTED' } }] }

let listed: Promise<string> | undefined

/** What codegen's client preset writes beside the typed documents of a client. */
async function generateList(): Promise<string> {
  const presetConfig = { persistedDocuments: { hashAlgorithm: 'sha256' } }
  const files: { filename: string; content: string }[] = await generate(
    {
      schema: SCHEMA,
      documents: [WHO, REGISTER, LISTEN],
      generates: { './': { preset: 'client', presetConfig } },
      silent: true,
    },
    false,
  )
  return files.find(({ filename }) => filename.endsWith('persisted-documents.json'))?.content ?? ''
}

async function writeList(): Promise<{ path: string; hashOf(name: string): string; textOf(name: string): string }> {
  listed ??= generateList()
  const content = await listed
  const path = await writeFileOf(content)
  const entries = Object.entries(JSON.parse(content) as Record<string, string>)
  const entryOf = (name: string) => entries.find(([, text]) => text.includes(` ${name}`)) ?? ['', '']
  return { path, hashOf: (name) => entryOf(name)[0], textOf: (name) => entryOf(name)[1] }
}

async function writeFileOf(content: string): Promise<string> {
  const path = join(await temporaryFolder(), 'persisted-documents.json')
  await writeFile(path, content)
  return path
}

/** A server that runs what is listed alone, and tom, who is signed in. */
async function startLocked() {
  const list = await writeList()
  const server = await startServer({ persistedOperations: list.path })
  const input = { username: 'tom', password: 'the password of tom' }
  const response = await server.anonymous.post({ documentId: list.hashOf('Register'), variables: { input } })
  const { data } = (await response.json()) as { data: { register: { accessToken: string } } }
  const { accessToken } = data.register
  const { post } = server.withToken(accessToken)
  const ask = async (body: object): Promise<unknown> => (await post(body)).json()
  return { ...list, server, accessToken, headers: { authorization: `Bearer ${accessToken}` }, ask }
}

test('What codegen lists runs over HTTP, by its hash or its whole text', async () => {
  const { server, hashOf, textOf, headers, ask } = await startLocked()
  const answer = { data: { user: { displayName: 'tom', username: 'tom' } } }
  const sha256Hash = hashOf('Who').replace('sha256:', '')
  const variables = TOM

  expect(await ask({ documentId: hashOf('Who'), variables })).toEqual(answer)
  expect(await ask({ documentId: sha256Hash, variables })).toEqual(answer)
  expect(await ask({ extensions: { persistedQuery: { version: 1, sha256Hash } }, variables })).toEqual(answer)
  expect(await ask({ query: textOf('Who'), variables })).toEqual(answer)
  const url = new URL(server.url)
  url.search = `${new URLSearchParams({ documentId: hashOf('Who'), variables: JSON.stringify(variables) })}`
  expect(await (await fetch(url, { headers })).json()).toEqual(answer)
})

test('The clients of Apollo and urql run what is listed', async () => {
  const { server, hashOf, headers } = await startLocked()
  const document = gql(WHO)
  const sha256Hash = hashOf('Who').replace('sha256:', '')
  const apollo = new ApolloClient({
    cache: new InMemoryCache({ addTypename: false } as object),
    link: new PersistedQueryLink({ generateHash: () => sha256Hash }).concat(new HttpLink({ uri: server.url, headers })),
  })
  onTestFinished(() => apollo.stop())
  expect(await apollo.query({ query: document, variables: TOM })).toMatchObject({
    data: { user: { displayName: 'tom' } },
  })

  // As urql's exchange for persisted operations does.
  const byHash = mapExchange({
    onOperation: (operation) => ({ ...operation, extensions: { persistedQuery: { version: 1, sha256Hash } } }),
  })
  const urql = new Client({ url: server.url, fetchOptions: { headers }, exchanges: [byHash, fetchExchange] })
  expect(await urql.query(document, TOM)).toMatchObject({ data: { user: { username: 'tom' } } })
  const any = new Client({ url: server.url, fetchOptions: { headers }, exchanges: [fetchExchange] })
  expect((await any.query(gql('{ viewer { id } }'), {})).error?.graphQLErrors).toMatchObject(NOT_LISTED.errors)
})

test('What is listed runs over a WebSocket, with graphql-ws’s client', async () => {
  const { server, hashOf, textOf, accessToken } = await startLocked()
  const client = createClient({
    url: server.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${accessToken}` },
  })
  onTestFinished(() => client.dispose())
  const persistedQuery = { sha256Hash: hashOf('Who') }

  for (const payload of [
    { query: '', extensions: { persistedQuery } },
    { query: '', documentId: hashOf('Who') },
    { query: textOf('Who') },
  ]) {
    const { value } = await client.iterate({ ...payload, variables: TOM }).next()
    expect(value).toEqual({ data: { user: { displayName: 'tom', username: 'tom' } } })
  }
  const socket = await openSignedInSocket(server.url, accessToken)
  socket.send({ type: 'subscribe', id: 'listen', payload: { query: '', documentId: hashOf('Listen') } })
  socket.send({ type: 'subscribe', id: 'ask', payload: { query: textOf('Who'), variables: TOM } })
  expect(await socket.next()).toMatchObject({ type: 'next', id: 'ask' })
})

test.each(TRANSPORTS)('Nothing else runs over %s', async (transport) => {
  const { server, hashOf, textOf, accessToken } = await startLocked()
  const unknown = 'f'.repeat(64)

  for (const operation of [
    { query: '{ __typename }' },
    { query: '{ viewer { id } }' },
    { query: getIntrospectionQuery() },
    { query: `${textOf('Who')} ` },
    { query: 'not GraphQL' },
    { query: '', documentId: unknown },
    { query: '', documentId: '__proto__' },
    { query: '', documentId: 5 },
    { query: '', extensions: { persistedQuery: { sha256Hash: unknown } } },
    { query: '', extensions: { persistedQuery: null } },
    { query: '{ viewer { id } }', extensions: { persistedQuery: { sha256Hash: unknown } } },
    { query: '' },
  ]) {
    expect(await attempt(transport, server, operation, accessToken)).toMatchObject(NOT_LISTED)
  }
  // Its hash says what runs, whatever text comes with it.
  const disguised = { query: '{ viewer { id } }', documentId: hashOf('Who'), variables: TOM }
  expect(await attempt(transport, server, disguised, accessToken)).toEqual({
    data: { user: { displayName: 'tom', username: 'tom' } },
  })
})

test('Limits hold for what is listed as well', async () => {
  const list = await writeList()
  const server = await startServer({ persistedOperations: list.path, limits: { depth: 1 } })

  const response = await server.anonymous.post({ documentId: list.hashOf('Who'), variables: TOM })

  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'OPERATION_TOO_COMPLEX' } }] })
})

test.each([
  ['is no JSON', '{'],
  ['of operations by their hashes', '["{ __typename }"]'],
  ['of operations by their hashes', '{ "a": 5 }'],
  ['an operation that can’t run, a1: Syntax Error', '{ "a1": "{" }'],
  ['an operation that can’t run, a1: Cannot query field "nonsense"', '{ "a1": "{ nonsense }" }'],
])('A list is refused at the start that %s', async (fault, content) => {
  const path = await writeFileOf(content)

  const starting = startServer({ persistedOperations: path })

  await expect(starting).rejects.toThrow(StartError)
  await expect(starting).rejects.toThrow(`PERSISTED_OPERATIONS: ${path} `)
  await expect(starting).rejects.toThrow(fault)
})

test('A list that isn’t there is refused at the start', async () => {
  const path = join(await temporaryFolder(), 'nowhere.json')

  await expect(startServer({ persistedOperations: path })).rejects.toThrow(/^PERSISTED_OPERATIONS: .+ can’t be read/)
})
