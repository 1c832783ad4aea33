import { inject } from 'vitest'

/**
 * The URL of the PostgreSQL that all test files share, for databases of one's own there; it is started for the first
 * who asks, and doesn't wait for the disk.
 * @throws Error where it can't be started
 */
export async function sharedPostgres(): Promise<string> {
  const response = await fetch(inject('postgresCluster'))
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return text
}
