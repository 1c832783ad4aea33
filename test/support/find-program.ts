import { accessSync, constants, globSync } from 'node:fs'
import { delimiter, join } from 'node:path'

// Where Debian puts servers, and which isn't on everybody's path.
const SERVER_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/lib/postgresql/*/bin']

/** The path of the first of these programs that this machine has; the newest where Debian has several versions. */
export function findProgram(...names: string[]): string | undefined {
  const newestFirst = new Intl.Collator('en', { numeric: true }).compare
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...SERVER_FOLDERS.flatMap((pattern) => globSync(pattern).sort(newestFirst).reverse()),
  ]
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
