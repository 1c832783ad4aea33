import type { Command } from 'commander'

/** Ends the process where the command line is wrong, with 2, or asks for help. */
export function readCommandLine(command: Command): Command {
  return command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2)).parse()
}
