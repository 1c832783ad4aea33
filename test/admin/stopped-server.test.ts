import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { newPostgresDatabase } from '../support/postgres-database.ts'
import { newSqliteDatabase, startServer, temporaryFolder } from '../support/testkit.ts'
import { CHATSERVER, commandLine, runProgram } from './command-line.ts'

const timeout = 60_000 // ms: each command is a process that loads the whole server, on a busy machine
const ROOT = join(import.meta.dirname, '../..')

for (const [suite, name, newDatabase] of [
  [needs(), 'SQLite', newSqliteDatabase],
  [needs('postgres'), 'PostgreSQL', newPostgresDatabase],
] as const) {
  suite(`A server that is stopped, on ${name}`, () => {
    test('is looked after all the same, from its first account on', { timeout }, async () => {
      const DATABASE_URL = await newDatabase()
      const run = commandLine({ DATABASE_URL })

      expect(await run('user create tom --password-stdin', 'password123')).toEqual({
        code: 0,
        stdout: 'tom can sign in.\n',
        stderr: '',
      })
      expect(JSON.parse((await run('stats --json')).stdout)).toEqual({
        users: 1,
        sessions: 0,
        groups: 0,
        messages: 0,
        uploads: 0,
        uploadedBytes: 0,
      })

      const server = await startServer({ databaseUrl: DATABASE_URL })
      const tom = await server.login({ username: 'tom', password: 'password123' })
      await server.stop()
      const { stdout } = await run('sessions list tom')
      expect(stdout.trim().split('\n')).toHaveLength(2)
      expect((await run('user reset-password tom --password-stdin', 'another password')).code).toBe(0)
      expect((await run('sessions list tom')).stdout).toBe('tom is signed in nowhere.\n')

      expect((await run('user delete tom --yes')).code).toBe(0)
      const later = await startServer({ databaseUrl: DATABASE_URL })
      await expect(later.login({ ...tom, password: 'another password' })).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
      })
    })
  })
}

test('What is at fault is said in a line, with an exit code that a script understands', { timeout }, async () => {
  const run = commandLine({ DATABASE_URL: await newSqliteDatabase() })

  expect(await run('sessions end nobody')).toEqual({ code: 1, stdout: '', stderr: 'There is no user named nobody.\n' })
  expect(await run('user create tom')).toMatchObject({ code: 1, stderr: expect.stringMatching(/--password-stdin/) })
  expect(await run('user create tom --password-stdin', 'short')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^A password must have 8 to 72 bytes/),
  })
  expect(await run('user delete tom')).toMatchObject({ code: 1, stderr: expect.stringMatching(/--yes/) })
  expect(await run('groups --largest none')).toMatchObject({ code: 2, stderr: expect.stringMatching(/1 to 10000/) })
  expect(await run('user destroy tom')).toMatchObject({ code: 2, stderr: expect.stringMatching(/unknown command/) })
  expect(await run('--help')).toMatchObject({ code: 0, stdout: expect.stringMatching(/Usage: chatserver/) })
  const elsewhere = commandLine({ DATABASE_URL: 'mysql://somewhere' })
  expect(await elsewhere('stats')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^Wrong setting: DATABASE_URL/),
  })
})

test('Who doesn’t read the answer to its end, as head, is told of no fault', { timeout }, async () => {
  const cut = ['sh', '-c', `"${process.execPath}" "${CHATSERVER}" stats | true`]
  expect(await runProgram(cut, { DATABASE_URL: await newSqliteDatabase() })).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  })
})

test('A name can’t play tricks on the owner’s terminal', { timeout }, async () => {
  const databaseUrl = await newSqliteDatabase()
  const server = await startServer({ databaseUrl })
  const { id: userId } = await server.app.services.users.create({ username: 'tom', password: 'password123' })
  await server.app.services.sessions.open('\u001b[2JIt \u202elooks fine', async () => userId)
  await server.stop()

  const { stdout } = await commandLine({ DATABASE_URL: databaseUrl })('sessions list tom')

  expect(stdout).toContain('\ufffd[2JIt \ufffdlooks fine')
  for (const trick of ['\u001b', '\u202e']) expect(stdout).not.toContain(trick)
})

test('npx finds the command in the project’s folder, and backup, export and import behind it', {
  timeout,
}, async () => {
  const folder = await temporaryFolder()
  const DATABASE_URL = `file:${join(folder, 'chat.db')}`
  await commandLine({ DATABASE_URL })('user create tom --password-stdin', 'password123')

  const target = join(folder, 'copy.db')
  const npx = ['npx', '--no', '--offline', 'chatserver']
  const backedUp = await runProgram([...npx, 'backup', target], { DATABASE_URL }, { folder: ROOT })
  expect(backedUp).toMatchObject({ code: 0, stdout: expect.stringContaining(target) })
  const exported = await commandLine({ DATABASE_URL })(`export ${join(folder, 'all.export')}`)
  expect(exported).toMatchObject({ code: 0 })
  const into = { DATABASE_URL: `file:${join(folder, 'moved.db')}` }
  expect(await commandLine(into)(`import ${join(folder, 'all.export')}`)).toMatchObject({ code: 0 })
  expect(JSON.parse((await commandLine(into)('stats --json')).stdout)).toMatchObject({ users: 1 })
  expect(await commandLine(into)(`backup ${target}`)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(target),
  })
})

needs('terminal')('on a terminal', () => {
  test('a password that is typed is not shown, and both must be the same', { timeout }, async () => {
    const folder = await temporaryFolder()
    const settings = { DATABASE_URL: `file:${join(folder, 'chat.db')}` }
    const onTerminal = (words: string, ...dialogue: [string, string][]) =>
      runProgram(['script', '-qec', `${process.execPath} ${CHATSERVER} ${words}`, '/dev/null'], settings, { dialogue })

    const differing = [
      ['Password: ', 'a secret of tom'],
      ['again: ', 'another one'],
    ] as [string, string][]
    expect((await onTerminal('user create tom', ...differing)).stdout).toContain('two different passwords')
    expect(existsSync(join(folder, 'chat.db'))).toBe(false)

    const same = [
      ['Password: ', 'a secret of tom'],
      ['again: ', 'a secret of tom'],
    ] as [string, string][]
    const { code, stdout } = await onTerminal('user create tom', ...same)
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('tom can sign in.') })
    expect(stdout).not.toContain('secret')

    expect((await onTerminal('user delete tom', ['Type tom', 'tim'])).stdout).toContain('nothing has been changed')
    expect((await onTerminal('user delete tom', ['Type tom', 'tom'])).stdout).toContain('is deleted')
  })
})
