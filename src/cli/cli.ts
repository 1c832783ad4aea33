import '../graphql/production-mode.ts'
import { Command, CommanderError } from 'commander'
import { chatCommand } from '../../terminal/chat-command.ts'
import { ChatError, StartError, StorageError } from '../errors.ts'
import { addOverviewCommands } from './overview-commands.ts'
import { addServerCommands } from './server-commands.ts'
import { addSessionCommands } from './session-commands.ts'
import { addUserCommands } from './user-commands.ts'

const FAILED = 1
const WRONG_USAGE = 2

/**
 * Runs a command line: `chatserver user create tom`. Faults that its user can mend are told in a line.
 * @param words after the program's name
 * @returns the exit code: 0 where it was done, 1 where it failed, 2 where the command line is none
 */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  const program = new Command('chatserver')
    .description('Runs a ChatServer and looks after it, on the database that DATABASE_URL names.')
    .option('--json', 'answer in JSON, for scripts')
    .showHelpAfterError('(chatserver --help tells what there is)')
    .exitOverride()
  for (const add of [addServerCommands, addUserCommands, addSessionCommands, addOverviewCommands]) add(program)
  program.addCommand(chatCommand().copyInheritedSettings(program))
  try {
    await program.parseAsync(words, { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE
    const isKnown = [ChatError, StartError, StorageError].some((known) => error instanceof known)
    process.stderr.write(`${isKnown ? (error as Error).message : Error.isError(error) ? error.stack : error}\n`)
    return FAILED
  }
}
