import { randomFillSync } from 'node:crypto'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Database, openDatabase } from '../../src/database/database.ts'
import { openSnapshot } from '../../src/database/snapshot.ts'
import { Prisma } from '../../src/generated/prisma/client.ts'
import { mediaFolderOf } from '../../src/media/media-folder.ts'
import { exportServer } from '../../src/moving/export-server.ts'
import { importServer } from '../../src/moving/import-server.ts'
import { movedTables } from '../../src/moving/tables.ts'
import { png } from '../media/samples.ts'
import { mediaScene } from '../media/scene.ts'
import { fillGroup } from '../support/bulk-messages.ts'
import { newGroup, sendToGroup } from '../support/messages.ts'
import { temporaryFolder } from '../support/testkit.ts'

/** The URL of a database that isn't there yet. */
export async function freshUrl(): Promise<string> {
  return `file:${join(await temporaryFolder(), 'chat.db')}`
}

export async function open(url: string): Promise<Database> {
  const database = await openDatabase(url)
  onTestFinished(() => database.close())
  return database
}

/** @returns the file */
export async function exportFrom(url: string): Promise<string> {
  const target = join(await temporaryFolder(), 'server.export')
  const snapshot = await openSnapshot(url)
  await exportServer({ snapshot, mediaFolder: mediaFolderOf({ databaseUrl: url }), target }).finally(snapshot.close)
  return target
}

/** Imports a file, with the database closed again. */
export async function importInto(url: string, source: string) {
  const database = await openDatabase(url)
  return importServer({ source, database, mediaFolder: mediaFolderOf({ databaseUrl: url }) }).finally(database.close)
}

/** All rows of all that is moved, as Prisma reads them. */
export async function everything({ read }: Database): Promise<Record<string, unknown[]>> {
  const tables = movedTables.map(async ({ name, key }) => {
    const model = `${name.charAt(0).toLowerCase()}${name.slice(1)}` as Uncapitalize<Prisma.ModelName>
    const delegate = read[model] as unknown as { findMany(options: object): Promise<unknown[]> }
    return [name, await delegate.findMany({ orderBy: key.map((column) => ({ [column]: 'asc' })) })] as const
  })
  return Object.fromEntries(await Promise.all(tables))
}

/** How many messages have words in the index: each once. */
export async function countIndexed({ readSql }: Database): Promise<number> {
  const [row] = await readSql.all<{ count: bigint }>(Prisma.sql`SELECT count(*) AS "count" FROM "MessageSearch"`)
  return Number(row?.count)
}

/** A server with a group of some messages, and two uploads. */
export async function filledServer(messages = 100) {
  const url = await freshUrl()
  const server = await mediaScene({ databaseUrl: url })
  const { tom } = server
  const { createGroup } = await tom.request(newGroup, { name: 'The house' })
  const groupId = createGroup.group.id
  await fillGroup(server, { id: groupId }, tom, messages)
  // Bytes that no compression makes fewer.
  const [small, large] = [png(3, 4, 5_000), randomFillSync(png(5, 6, 2_000_000), 60)]
  const pictures = [await server.upload(small), await server.upload(large)]
  const say = async (content: string, mediaUrl?: string) =>
    (await tom.request(sendToGroup, { input: { groupId, content, ...(mediaUrl && { mediaUrl }) } })).sendGroupMessage
  for (const picture of pictures) await say('A picture of a mouse', picture.url)
  const files = pictures.map((picture, index) => ({
    path: new URL(picture.url).pathname,
    bytes: [small, large][index],
  }))
  return { ...server, databaseUrl: url, groupId, say, files }
}
