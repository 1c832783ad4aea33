import { expect, onTestFinished, test } from 'vitest'
import { type Client, createClient } from '../support/client.ts'
import { graphql } from '../support/graphql.ts'
import { groupHistory, listenToGroup, listenToInbox, newGroup } from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import { newPostgresDatabase } from '../support/postgres-database.ts'
import { startRedis } from '../support/redis-server.ts'
import { startProcess } from '../support/server-process.ts'
import { temporaryFolder } from '../support/testkit.ts'
import { commandLine } from './command-line.ts'

const timeout = 60_000 // ms: each command is a process that loads the whole server, on a busy machine

const signIn = graphql(`
  mutation SignInToAdministered($login: String!, $password: String!) {
    login(input: { login: $login, password: $password }) { accessToken user { id username displayName } }
  }
`)

const DATABASES = {
  SQLite: { suite: needs(), settings: async () => ({}) },
  PostgreSQL: { suite: needs('postgres'), settings: async () => ({ DATABASE_URL: await newPostgresDatabase() }) },
  'PostgreSQL and Redis': {
    suite: needs('postgres', 'redis'),
    settings: async () => ({ DATABASE_URL: await newPostgresDatabase(), REDIS_URL: (await startRedis()).url }),
  },
}

for (const [name, { suite, settings: make }] of Object.entries(DATABASES)) {
  suite(`A server that runs, on ${name}`, () => {
    /** With the accounts of tom and jerry, made by command. */
    async function scene() {
      const folder = await temporaryFolder()
      const settings = { SEED_USERS: 'false', ...(await make()) }
      const server = startProcess(folder, settings)
      const url = `${new URL(await server.url).origin}/graphql`
      const run = commandLine(settings, folder)
      const connect = (token: string | null): Client => {
        const client = createClient(url, token)
        onTestFinished(client.close)
        return client
      }
      const signInAs = async (login: string, password: string) => {
        const { login: session } = await connect(null).request(signIn, { login, password })
        return { ...session.user, ...connect(session.accessToken) }
      }
      expect(await run('user create tom --password-stdin --display-name Thomas', 'password123\n')).toEqual({
        code: 0,
        stdout: 'tom can sign in.\n',
        stderr: '',
      })
      expect((await run('user create jerry --password-stdin', 'password123')).code).toBe(0)
      return { server, run, signInAs }
    }

    test('gets accounts, which sign in', { timeout }, async () => {
      const { run, signInAs } = await scene()

      expect(await signInAs('TOM', 'password123')).toMatchObject({ username: 'tom', displayName: 'Thomas' })
      expect(await run('user create Tom --password-stdin', 'password123')).toEqual({
        code: 1,
        stdout: '',
        stderr: 'This username is taken.\n',
      })
    })

    test('closes the sockets of sessions that are ended, and of nobody else', { timeout }, async () => {
      const { run, signInAs } = await scene()
      const [tom, jerry] = await Promise.all([signInAs('tom', 'password123'), signInAs('jerry', 'password123')])
      const [toms, jerrys] = [tom.listen(listenToInbox, {}), jerry.listen(listenToInbox, {})]
      const overSse = tom.listenOverSse(listenToInbox, {})
      await Promise.all([toms.ready, jerrys.ready, overSse.ready])
      const listed = JSON.parse((await run('sessions list tom --json')).stdout)
      expect(listed).toMatchObject([{ userAgent: expect.any(String) }])

      const ended = await run('--json sessions end TOM')

      expect(ended).toMatchObject({ code: 0, stderr: '' })
      expect(JSON.parse(ended.stdout)).toEqual({ username: 'tom', endedSessions: 1 })
      await expect(toms.ended).rejects.toMatchObject({ code: 4403 })
      await expect(overSse.ended).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
      await jerry.request(newGroup, { name: 'Still here' })
      expect((await jerrys.next()).inbox.message.kind).toBe('SYSTEM')
      expect(await run('sessions list tom')).toMatchObject({ code: 0, stdout: 'tom is signed in nowhere.\n' })
    })

    test('takes a new password, and the old one no more', { timeout }, async () => {
      const { run, signInAs } = await scene()
      const tom = await signInAs('tom', 'password123')
      const ear = tom.listen(listenToInbox, {})
      await ear.ready

      expect(await run('user reset-password tom --password-stdin', 'another password')).toEqual({
        code: 0,
        stdout: 'tom has a new password; 1 sessions have ended.\n',
        stderr: '',
      })

      await expect(ear.ended).rejects.toMatchObject({ code: 4403 })
      await expect(signInAs('tom', 'password123')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
      expect(await signInAs('tom', 'another password')).toMatchObject({ username: 'tom' })
    })

    test('deletes an account, and tells those who were in a group with it', { timeout }, async () => {
      const { server, run, signInAs } = await scene()
      const [tom, jerry] = await Promise.all([signInAs('tom', 'password123'), signInAs('jerry', 'password123')])
      const { createGroup } = await tom.request(newGroup, { name: 'The house', memberIds: [jerry.id] })
      const groupId = createGroup.group.id
      const ear = jerry.listen(listenToGroup, { groupId })
      await ear.ready
      const groups = JSON.parse((await run('groups --largest 1 --json')).stdout)
      expect(groups).toEqual([expect.objectContaining({ name: 'The house', members: 2, messages: 0, owner: 'tom' })])

      expect(await run('user delete tom --yes')).toEqual({
        code: 0,
        stdout: 'The account tom is deleted.\n',
        stderr: '',
      })

      expect((await ear.next()).groupMessages.message).toMatchObject({ kind: 'SYSTEM', content: 'left the group' })
      const { group } = await jerry.request(groupHistory, { id: groupId, last: 1 })
      expect(group?.messages.edges[0]?.node).toMatchObject({
        content: 'became the owner',
        sender: { username: 'jerry' },
      })
      await expect(signInAs('tom', 'password123')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
      expect(await run('user delete tom --yes')).toMatchObject({ code: 1, stderr: 'There is no user named tom.\n' })
      server.kill('SIGTERM')
      expect(await server.exited).toMatchObject({ code: 0, stderr: '' })
    })
  })
}
