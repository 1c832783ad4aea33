import { Command } from 'commander'
import type { ChatOptions } from './chat.ts'

const ADDRESS = 'http://127.0.0.1:8080'

const EXAMPLES = `
Examples:
  npm run chat -- --as tom @jerry
  npm run chat -- --as spike --register '#house'
  echo 'The build is done' | npm run --silent chat -- --as bot '#builds'
  npm run --silent chat -- --as bot --json --listen '#builds' < /dev/null

Without a conversation, a list to choose from, or with --json or in a pipe, all that happens.
The password is asked for, or read from CHAT_PASSWORD. docs/TERMINAL.md tells what --json prints.
“npx chatserver chat” is the same as “npm run chat --”.`

/** `chat`, for the project's own script and for any command line that takes it in. Ends the process when it is done. */
export function chatCommand(): Command {
  return new Command('chat')
    .description('chat in the terminal, with this server or another')
    .argument('[conversation]', '@username, #group (in quotes) or the id of a conversation')
    .option('--url <address>', 'of the server', process.env['CHAT_URL'] || ADDRESS)
    .option('--as <username>', 'who you are; left out, who you were last time')
    .option('--register', 'makes a new account of that name')
    .option('--password-stdin', 'reads the password from the input, which then holds no messages')
    .option('--json', 'prints an event a line, for scripts')
    .option('--listen', 'goes on listening after the end of the input')
    .option('--after <cursor>', 'goes on from there, with --json: what has happened since comes first')
    .addHelpText('after', EXAMPLES)
    .action(async (conversation: string | undefined, _options: object, command: Command) => {
      const { chat } = await import('./chat.ts')
      // A command line that takes this in may have a --json of its own, which stands for this one.
      const code = await chat({ ...command.optsWithGlobals<ChatOptions>(), conversation })
      // What still waits, a socket's handshake say, must not hold up who has left.
      process.exit(code)
    })
}
