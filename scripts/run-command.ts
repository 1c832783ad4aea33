import { BackupError } from '../src/backup/whole-file.ts'
import { type Config, readConfig } from '../src/config.ts'
import { StartError, StorageError } from '../src/errors.ts'
import { createProgress, type Progress } from './progress.ts'

/**
 * Runs a command on the server's data that the command line gives one file. Faults that its user can mend are told in
 * a line.
 * @param usage for a command line that isn't so
 */
export async function runFileCommand(
  usage: string,
  work: (file: string, config: Config, progress: Progress, flags: Set<string>) => Promise<string>,
  knownFlags: string[] = [],
): Promise<void> {
  const flags = new Set(process.argv.slice(2).filter((word) => word.startsWith('--')))
  const files = process.argv.slice(2).filter((word) => !word.startsWith('--'))
  const [file] = files
  if (!file || files.length > 1 || [...flags].some((flag) => !knownFlags.includes(flag))) {
    console.error(usage)
    process.exit(2)
  }
  const progress = createProgress()
  try {
    const result = await work(file, readConfig(), progress, flags)
    progress.end()
    console.log(result)
  } catch (error) {
    progress.end()
    const isKnown = error instanceof BackupError || error instanceof StartError || error instanceof StorageError
    console.error(isKnown || isOfSystem(error) ? (error as Error).message : error)
    process.exitCode = 1
  }
}

/** A full disk, say, or a folder that isn't there. */
function isOfSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
