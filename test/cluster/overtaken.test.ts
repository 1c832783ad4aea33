import { expect, onTestFinished, test } from 'vitest'
import { startSessionSweep } from '../../src/auth/session-sweep.ts'
import { openDatabase, type Transaction } from '../../src/database/database.ts'
import { Prisma } from '../../src/generated/prisma/client.ts'
import { decodeId } from '../../src/ids.ts'
import { banMember, unbanMember } from '../group/ban-operations.ts'
import { addMember, createGroup, setRole } from '../group/operations.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { newPostgresDatabase } from '../support/postgres-database.ts'
import { startServer } from '../support/testkit.ts'
import { updateProfile } from '../user/operations.ts'
import { timeout } from './two-nodes.ts'

/** A node, and another one whose change is committed only when what is asked of the first waits for it. */
async function overtakenNode() {
  const databaseUrl = await newPostgresDatabase()
  const server = await startServer({ databaseUrl })
  const other = await openDatabase(databaseUrl)
  onTestFinished(() => other.close())
  const waiting = Prisma.sql`SELECT 1 AS "one" FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`

  async function overtake(change: (tx: Transaction) => Promise<unknown>, ask: () => Promise<unknown>) {
    let outcomes: Promise<PromiseSettledResult<unknown>[]> | undefined
    await other.write(
      async (tx) => {
        await change(tx)
        outcomes = Promise.allSettled([ask()])
        await poll(async () => (await other.readSql.all(waiting)).length, 1)
      },
      { log: 'change' },
    )
    return (await outcomes)?.[0]
  }

  return { server, read: other.read, overtake }
}

needs('postgres')('Overtaken by another node', () => {
  test('nobody gives a deleted account its name back', { timeout }, async () => {
    const { server, read, overtake } = await overtakenNode()
    const tom = await server.register('tom')
    const id = decodeId(tom.id, 'User', 'id')
    const nameless = { displayName: 'Deleted user', deletedAt: new Date() }

    const outcome = await overtake(
      (tx) => tx.user.update({ where: { id }, data: nameless }),
      () => tom.request(updateProfile, { input: { displayName: 'Tom', email: 'tom@temp.com' } }),
    )
    expect(outcome).toMatchObject({ reason: { code: 'UNAUTHENTICATED' } })
    expect(await read.user.findUnique({ where: { id } })).toMatchObject({ ...nameless, email: null })
  })

  test('nobody lifts a ban who is no manager any more', { timeout }, async () => {
    const { server, read, overtake } = await overtakenNode()
    const [olga, adam, sam] = await Promise.all(['olga', 'adam', 'sam'].map((name) => server.register(name)))
    if (!olga || !adam || !sam) throw new Error('Three are needed')
    const { createGroup: created } = await olga.request(createGroup, { input: { name: 'Chess club' } })
    const groupId = created.group.id
    await olga.request(addMember, { groupId, user: { id: adam.id } })
    await olga.request(setRole, { groupId, user: { id: adam.id }, role: 'ADMIN' })
    await olga.request(banMember, { groupId, user: { id: sam.id } })

    const outcome = await overtake(
      (tx) => tx.member.updateMany({ where: { role: 'ADMIN' }, data: { role: 'MEMBER' } }),
      () => adam.request(unbanMember, { groupId, user: { id: sam.id } }),
    )
    expect(outcome).toMatchObject({ reason: { code: 'FORBIDDEN' } })
    expect(await read.ban.count()).toBe(1)
  })

  test('nobody deletes a session that was refreshed as it expired', { timeout }, async () => {
    const { server, read, overtake } = await overtakenNode()
    await server.register('tom')
    const { database } = server.app.services
    await database.write((tx) => tx.session.updateMany({ data: { expiresAt: new Date() } }))

    const outcome = await overtake(
      (tx) => tx.session.updateMany({ data: { expiresAt: new Date(Date.now() + 60_000) } }),
      async () => (await startSessionSweep(database, () => {})).close(),
    )
    expect(outcome).toMatchObject({ status: 'fulfilled' })
    expect(await read.session.count()).toBe(1)
  })
})
