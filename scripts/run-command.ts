import { Command } from 'commander'
import { BackupError } from '../src/backup/whole-file.ts'
import { type Config, readConfig } from '../src/config.ts'
import { StartError, StorageError } from '../src/errors.ts'
import { createProgress, type Progress } from './progress.ts'
import { readCommandLine } from './read-command-line.ts'

/**
 * Runs a command on the server's data that the command line gives one file. Faults that its user can mend are told in
 * a line.
 * @param name what npm calls it
 * @param description what it does
 */
export async function runFileCommand(
  name: string,
  description: string,
  work: (file: string, config: Config, progress: Progress) => Promise<string>,
): Promise<void> {
  const command = readCommandLine(new Command(`npm run ${name} --`).description(description).argument('<file>'))
  const [file = ''] = command.args
  if (!file) command.error(`Name the file: npm run ${name} -- <file>`)
  const progress = createProgress()
  try {
    const result = await work(file, readConfig(), progress)
    progress.end()
    console.log(result)
  } catch (error) {
    progress.end()
    tellFault(error)
  }
}

/** Says what has ended a command: in a line, where its user can mend it. */
export function tellFault(error: unknown): void {
  const isKnown = error instanceof BackupError || error instanceof StartError || error instanceof StorageError
  console.error(isKnown || isOfSystem(error) ? (error as Error).message : error)
  process.exitCode = 1
}

/** A full disk, say, or a folder that isn't there. */
function isOfSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
