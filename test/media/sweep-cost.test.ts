import SqliteConnection from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { deleteMessage, sendDirect } from '../support/messages.ts'
import { png } from './samples.ts'
import { mediaScene } from './scene.ts'

const DAY = 86_400_000 // ms

/** Notes what is asked of uploads, from now on. */
function noteStatements(): Set<string> {
  const statements = new Set<string>()
  const prepare = SqliteConnection.prototype.prepare
  const spy = vi.spyOn(SqliteConnection.prototype, 'prepare').mockImplementation(function (
    this: SqliteConnection.Database,
    sql: string,
  ) {
    if (/"Media(Reference)?"/.test(sql)) statements.add(sql)
    return prepare.call(this, sql)
  })
  onTestFinished(() => spy.mockRestore())
  return statements
}

test('No table is read from end to end for uploads, be they sent, shown or swept', async () => {
  const statements = noteStatements()
  const { app, tom, register, upload } = await mediaScene()
  const { media } = app.services
  await register('jerry')
  const { url: mediaUrl } = await upload(png(1, 1))
  await fetch(mediaUrl)
  const input = { to: { username: 'jerry' }, mediaUrl }
  const { sendDirectMessage } = await tom.request(sendDirect, { input })
  await media.sweep(new Date(Date.now() + DAY + 1_000))
  await tom.request(deleteMessage, { messageId: sendDirectMessage.message.id })
  expect(await media.sweep()).toBe(1)

  // Those of an upload, a message, its deletion and a download, and five of a sweep.
  const noted = [...statements]
  expect(noted.length).toBeGreaterThanOrEqual(9)
  const connection = new SqliteConnection(media.folder.replace(/\.media$/, ''), { readonly: true })
  for (const sql of noted) {
    const nothing = sql.match(/\?/g)?.map(() => null) ?? []
    const plan = connection.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...nothing)
    const scans = plan.filter(({ detail }) => /^SCAN (?!v\b|\d+-ROW|\d* ?CONSTANT ROW)|ORDER BY/.test(detail))
    expect({ sql, scans }).toEqual({ sql, scans: [] })
  }
  connection.close()
})
