import { randomFillSync } from 'node:crypto'
import { join } from 'node:path'
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
import { newPostgresDatabase } from '../support/postgres-database.ts'
import { temporaryFolder } from '../support/testkit.ts'

export type Provider = Database['provider']

/** A database, and the folder of its uploads, which PostgreSQL keeps itself: settings of a server. */
export interface Place {
  databaseUrl: string
  mediaFolder?: string
}

/** With an empty database that no server ran on. */
export async function freshPlace(provider: Provider = 'sqlite'): Promise<Place> {
  if (provider === 'postgresql') return { databaseUrl: await newPostgresDatabase() }
  const folder = await temporaryFolder()
  return { databaseUrl: `file:${join(folder, 'chat.db')}`, mediaFolder: join(folder, 'media') }
}

/** The settings of a command that works on it. */
export function environmentOf({ databaseUrl, mediaFolder }: Place): Record<string, string> {
  return { DATABASE_URL: databaseUrl, MEDIA_FOLDER: mediaFolder ?? '' }
}

export async function withDatabase<T>({ databaseUrl }: Place, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(databaseUrl)
  return work(database).finally(database.close)
}

/** @returns the file */
export async function exportFrom(place: Place): Promise<string> {
  const target = join(await temporaryFolder(), 'server.export')
  const snapshot = await openSnapshot(place.databaseUrl)
  await exportServer({ snapshot, mediaFolder: mediaFolderOf(place), target }).finally(snapshot.close)
  return target
}

/** Imports a file, with the database closed again. */
export async function importInto(place: Place, source: string) {
  const mediaFolder = mediaFolderOf(place)
  return withDatabase(place, (database) => importServer({ source, database, mediaFolder }))
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
export async function filledServer(messages = 100, provider?: Provider) {
  const place = await freshPlace(provider)
  const server = await mediaScene({ ...place })
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
  return { ...server, place, groupId, say, files }
}
