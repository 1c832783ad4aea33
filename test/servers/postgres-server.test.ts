import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { findProgram } from '../support/find-program.ts'
import { needs } from '../support/needs.ts'
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts'
import { stateOf } from '../support/process-family.ts'
import { sharedPostgres } from '../support/shared-postgres.ts'

const run = promisify(execFile)

/** What psql prints for a statement, on a connection of its own. */
async function ask(url: string, sql: string): Promise<string> {
  const { stdout } = await run(findProgram('psql') ?? 'psql', [url, '-qtAX', '-v', 'ON_ERROR_STOP=1', '-c', sql])
  return stdout.trim()
}

/** Its first process and one of that one's children. */
async function pidsOf({ url }: PostgresServer): Promise<number[]> {
  const sql = `SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1), (SELECT pid FROM pg_stat_activity LIMIT 1)`
  return (await ask(url, sql)).split('|').map(Number)
}

needs('postgres')('a PostgreSQL', () => {
  describe('of a test', () => {
    test('keeps what was committed over a crash and a restart, at the same port', async () => {
      const postgres = await startPostgres()
      expect(await ask(postgres.url, 'SHOW fsync')).toBe('on')
      await ask(postgres.url, 'CREATE TABLE kept (name text)')
      await ask(postgres.url, `INSERT INTO kept VALUES ('tom')`)

      await postgres.kill()
      await expect(ask(postgres.url, 'SELECT 1')).rejects.toThrow('Connection refused')
      await postgres.restart()
      expect(await ask(postgres.url, 'SELECT * FROM kept')).toBe('tom')

      await postgres.restart()
      expect(await ask(postgres.url, 'SELECT * FROM kept')).toBe('tom')
    })

    test('cuts off its clients when it is stopped, and when it is killed', async () => {
      const postgres = await startPostgres({ fsync: false })
      for (const end of [postgres.stop, postgres.kill]) {
        const waiting = ask(postgres.url, `SELECT pg_sleep(600)`)
        const cutOff = expect(waiting).rejects.toThrow(/terminat|closed the connection/)
        while ((await ask(postgres.url, `SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'`)) !== '1');
        await end()
        await cutOff
        await postgres.restart()
      }
    })

    test('stands still with all its processes while it is frozen', async () => {
      const postgres = await startPostgres({ fsync: false })
      expect(await ask(postgres.url, 'SHOW fsync')).toBe('off')
      const pids = await pidsOf(postgres)
      expect(pids).toHaveLength(2)
      await postgres.freeze()
      expect(await Promise.all(pids.map(stateOf))).toEqual(['T', 'T'])
      const answer = ask(postgres.url, 'SELECT 1')
      postgres.thaw()
      expect(await answer).toBe('1')
    })
  })

  test('that all tests share is started once', async () => {
    const [one, other] = await Promise.all([sharedPostgres(), sharedPostgres()])
    expect(one).toBe(other)
    expect(await ask(one, 'SHOW max_connections')).toBe('300')
    expect(await ask(one, 'SELECT datcollate FROM pg_database LIMIT 1')).toBe('C.UTF-8')
  })
})
