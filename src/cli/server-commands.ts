import type { Command } from 'commander'

const FILE_COMMANDS = {
  backup: 'copy the SQLite database and its uploads, of a running server too',
  export: 'write all that the server keeps into one file',
  import: 'put what was exported into an empty database',
}

/** The server itself, and the commands on all of its data, which have entry points of their own. */
export function addServerCommands(program: Command): void {
  program
    .command('start')
    .description('run the server until SIGTERM or Ctrl-C, as npm start does')
    .action(async () => {
      await import('../main.ts')
    })

  for (const [name, description] of Object.entries(FILE_COMMANDS)) {
    program
      .command(`${name} <file>`)
      .description(`${description}; see docs/OPERATIONS.md`)
      .action(async (file: string) => {
        // They read the command line as npm's scripts get it.
        process.argv = [process.execPath, name, file]
        await import(`../../scripts/${name}.ts`)
      })
  }
}
