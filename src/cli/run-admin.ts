import type { Command } from 'commander'
import type { Ask } from '../admin/admin-request.ts'
import { readConfig } from '../config.ts'
import { withAdmin } from './open-admin.ts'
import { printJson } from './print.ts'

/**
 * Has a command done, and its result shown: as JSON where the command line says `--json`.
 * @param show for people
 */
export async function runAdmin<Result>(
  command: Command,
  work: (ask: Ask) => Promise<Result>,
  show: (result: Result) => void,
): Promise<void> {
  const result = await withAdmin(readConfig(), work)
  // Who reads it may have seen enough before its end, as `head` has.
  process.stdout.once('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 1))
  if (command.optsWithGlobals()['json'] === true) printJson(result)
  else show(result)
}
