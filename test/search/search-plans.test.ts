import SqliteConnection from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { newGroup, sendToGroup } from '../support/messages.ts'
import { startServer } from '../support/testkit.ts'
import { searchMessages } from './operations.ts'

test('A search reads indexes alone', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const { createGroup } = await tom.request(newGroup, { name: 'House' })
  const groupId = createGroup.group.id
  await tom.request(sendToGroup, { input: { groupId, content: 'Cheese' } })
  const path = server.databaseUrl.replace('file:', '')
  const reads = new Set<string>()
  const prepare = SqliteConnection.prototype.prepare
  const spy = vi.spyOn(SqliteConnection.prototype, 'prepare').mockImplementation(function (
    this: SqliteConnection.Database,
    sql: string,
  ) {
    reads.add(sql)
    return prepare.call(this, sql)
  })
  onTestFinished(() => spy.mockRestore())

  await tom.request(searchMessages, { query: 'cheese from:tom', conversationId: groupId })

  const plans = [...reads].filter((sql) => /^\s*SELECT/.test(sql)).map((sql) => planOf(path, sql))
  expect(plans.filter((steps) => /MessageSearch VIRTUAL TABLE INDEX \d+:M/.test(steps))).toHaveLength(1)
  for (const steps of plans) {
    expect(steps).not.toMatch(/SCAN (?!MessageSearch VIRTUAL|found|\d+-ROW VALUES|CONSTANT|\d+ CONSTANT)/)
    expect(steps).not.toMatch(/TEMP B-TREE FOR ORDER BY/)
  }
})

function planOf(path: string, sql: string): string {
  const connection = new SqliteConnection(path, { readonly: true })
  const nothing = sql.match(/\?/g)?.map(() => null) ?? []
  const steps = connection.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...nothing)
  connection.close()
  return steps.map(({ detail }) => detail).join('\n')
}
