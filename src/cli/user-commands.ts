import type { Command } from 'commander'
import { confirmByTyping, newPassword } from './ask-password.ts'
import { printLine } from './print.ts'
import { runAdmin } from './run-admin.ts'

const PASSWORD_STDIN = ['--password-stdin', 'read the password from stdin instead of asking for it'] as const

interface NewUserOptions {
  displayName?: string
  email?: string
  passwordStdin?: boolean
}

export function addUserCommands(program: Command): void {
  const user = program.command('user').description('create accounts, reset passwords, delete accounts')

  user
    .command('create <username>')
    .description('make an account; its password is asked for')
    .option('--display-name <name>', 'the name to show; the username unless given')
    .option('--email <address>', 'to sign in with as well')
    .option(...PASSWORD_STDIN)
    .action(async (username: string, { passwordStdin, ...given }: NewUserOptions, command: Command) => {
      const password = await newPassword({ isOnStdin: passwordStdin === true })
      await runAdmin(
        command,
        (ask) => ask('createUser', { username, password, ...given }),
        (created) => printLine(`${created.username} can sign in.`),
      )
    })

  user
    .command('reset-password <username>')
    .description('give an account another password, and end its sessions')
    .option(...PASSWORD_STDIN)
    .action(async (username: string, { passwordStdin }: NewUserOptions, command: Command) => {
      const password = await newPassword({ isOnStdin: passwordStdin === true })
      await runAdmin(
        command,
        (ask) => ask('resetPassword', { username, password }),
        (reset) => printLine(`${reset.username} has a new password; ${reset.endedSessions} sessions have ended.`),
      )
    })

  user
    .command('delete <username>')
    .description('delete an account: what docs/OPERATIONS.md says of it goes for good')
    .option('--yes', 'don’t ask')
    .action(async (username: string, { yes }: { yes?: boolean }, command: Command) => {
      if (!yes) await confirmByTyping(username, `The account ${username} can’t be brought back.`)
      await runAdmin(
        command,
        (ask) => ask('deleteAccount', { username }),
        (deleted) => printLine(`The account ${deleted.username} is deleted.`),
      )
    })
}
