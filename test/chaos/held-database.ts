import SqliteConnection from 'better-sqlite3'
import { onTestFinished } from 'vitest'

/** Keeps everybody else from writing to a database, as a backup or another tool would. */
export function holdDatabase(path: string): { release(): void } {
  const connection = new SqliteConnection(path, { timeout: 10_000 })
  connection.exec('BEGIN IMMEDIATE')
  const release = () => void connection.close()
  onTestFinished(release)
  return { release }
}
