import { Command } from 'commander'
import { chat } from './chat.ts'

const ADDRESS = 'http://127.0.0.1:8080'

const EXAMPLES = `
Examples:
  npm run chat -- --as tom @jerry
  npm run chat -- --as spike --register '#house'
  echo 'The build is done' | npm run --silent chat -- --as bot '#builds'
  npm run --silent chat -- --as bot --json --listen '#builds' < /dev/null

Without a conversation, a list to choose from, or with --json or in a pipe, all that happens.
The password is asked for, or read from CHAT_PASSWORD. docs/TERMINAL.md tells what --json prints.`

/** `chat`, for the project's own script and for any command line that takes it in. */
export function chatCommand(): Command {
  return new Command('chat')
    .description('chats in the terminal')
    .argument('[conversation]', '@username, #group (in quotes) or the id of a conversation')
    .option('--url <address>', 'of the server', process.env['CHAT_URL'] || ADDRESS)
    .option('--as <username>', 'who you are; left out, who you were last time')
    .option('--register', 'makes a new account of that name')
    .option('--password-stdin', 'reads the password from the input, which then holds no messages')
    .option('--json', 'prints an event a line, for scripts')
    .option('--listen', 'goes on listening after the end of the input')
    .option('--after <cursor>', 'goes on from there, with --json: what has happened since comes first')
    .addHelpText('after', EXAMPLES)
    .action(async (conversation, options) => {
      process.exitCode = await chat({ ...options, conversation })
    })
}
