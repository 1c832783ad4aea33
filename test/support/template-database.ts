import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SqliteConnection from 'better-sqlite3'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../../src/database/database.ts'

declare module 'vitest' {
  interface ProvidedContext {
    templateDatabase: string
  }
}

/** Vitest's global setup: an empty database, migrated once, that every test's own is a copy of. */
export async function setup({ provide }: TestProject) {
  const folder = await mkdtemp(join(tmpdir(), 'chatserver-template-'))
  const path = join(folder, 'chat.db')
  await (await openDatabase(`file:${path}`)).close()
  provide('templateDatabase', path)
  return () => rm(folder, { recursive: true })
}

/** Copies the template, as another log: no cursor of one is a cursor of the other. */
export async function copyTemplate(template: string, path: string): Promise<void> {
  await copyFile(template, path)
  const connection = new SqliteConnection(path)
  connection.exec(`UPDATE "Log" SET "epoch" = lower(hex(randomblob(6)))`)
  connection.close()
}
