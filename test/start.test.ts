import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import SqliteConnection from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { createClient } from './support/client.ts'
import { graphql } from './support/graphql.ts'
import { COMMAND, startProcess } from './support/server-process.ts'
import { temporaryFolder } from './support/testkit.ts'

const signIn = graphql(`
  mutation SignInAfterStart($login: String!, $password: String!) {
    login(input: { login: $login, password: $password }) { accessToken user { id username } }
  }
`)

const register = graphql(`
  mutation RegisterAfterStart($username: String!, $password: String!) {
    register(input: { username: $username, password: $password }) { accessToken user { id } }
  }
`)

const viewer = graphql(`
  query ViewerAfterStart { viewer { id } }
`)

const password = 'password123'

test('the first start needs nothing, and lets tom and jerry in', async () => {
  const server = startProcess(await temporaryFolder())
  const anyone = createClient(await server.url, null)

  for (const name of ['tom', 'jerry']) {
    const byName = await anyone.request(signIn, { login: name, password })
    const byEmail = await anyone.request(signIn, { login: `${name}@temp.com`, password })
    expect(byEmail.login.user).toEqual(byName.login.user)
  }

  server.kill('SIGTERM')
  const { code, stdout, stderr } = await server.exited
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.trim().split('\n')).toEqual([expect.stringContaining(await server.url)])
})

test('a second start keeps everything', async () => {
  const folder = await temporaryFolder()
  const first = startProcess(folder)
  const spike = { username: 'spike', password }
  const registered = (await createClient(await first.url, null).request(register, spike)).register
  first.kill('SIGINT')
  expect(await first.exited).toMatchObject({ code: 0, stderr: '' })

  const second = startProcess(folder)
  const url = await second.url
  expect(await createClient(url, registered.accessToken).request(viewer)).toEqual({
    viewer: { id: registered.user.id },
  })
  const { login } = await createClient(url, null).request(signIn, { login: 'Spike', password })
  expect(login.user).toEqual({ id: registered.user.id, username: 'spike' })
})

test.runIf(existsSync('/bin/sh'))('the server ends with the shell that npm puts before it', async () => {
  const server = startProcess(await temporaryFolder(), {}, ['/bin/sh', '-c', '"$@"; exit', 'sh', ...COMMAND])
  await server.url
  server.kill('SIGTERM')
  // Its output closes when the last process has gone.
  await server.exited
})

test('a .env file is read where there is one, and the environment comes before it', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, '.env'), 'PORT=nonsense\nSEED_USERS=false\n')
  const server = startProcess(folder, { PORT: '0' })

  const login = createClient(await server.url, null).request(signIn, { login: 'tom', password })
  await expect(login).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})

test('a port in use is told in one line', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo

  const server = startProcess(await temporaryFolder(), { PORT: String(port) })
  await expectFailure(server, new RegExp(`127\\.0\\.0\\.1:${port}.*EADDRINUSE`))
})

test('a broken setting is told in one line', async () => {
  await expectFailure(startProcess(await temporaryFolder(), { LOG_LEVEL: 'loud' }), /LOG_LEVEL/)
})

test('a folder that can’t be written is told in one line', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'file'), 'no folder')
  await expectFailure(startProcess(folder, { DATABASE_URL: 'file:./file/chat.db' }), /Can't write.*file\/chat\.db/)
})

test('a file that is no database is told in one line', async () => {
  const folder = await temporaryFolder()
  await writeFile(
    join(folder, 'notes.txt'),
    'Nothing but words, and enough of them to fill more than a header. '.repeat(20),
  )
  await expectFailure(startProcess(folder, { DATABASE_URL: 'file:./notes.txt' }), /notes\.txt/)
})

test('a database newer than the code is told in one line', async () => {
  const folder = await temporaryFolder()
  const server = startProcess(folder, { DATABASE_URL: 'file:./chat.db' })
  await server.url
  server.kill('SIGTERM')
  await server.exited

  const connection = new SqliteConnection(join(folder, 'chat.db'))
  connection.exec(`INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
    VALUES ('later', '', '99990101000000_later', 1, 1)`)
  connection.close()
  await expectFailure(startProcess(folder, { DATABASE_URL: 'file:./chat.db' }), /newer.*99990101000000_later/)
})

test('a second server on the same database is told in one line', async () => {
  const folder = await temporaryFolder()
  await startProcess(folder).url
  await expectFailure(startProcess(folder), /Another ChatServer/)
})

async function expectFailure(server: ReturnType<typeof startProcess>, reason: RegExp) {
  const { code, stdout, stderr } = await server.exited
  expect(stderr).toMatch(/^[^\n]+\n$/)
  expect(stderr).toMatch(reason)
  expect(stdout).toBe('')
  expect(code).toBe(1)
}
