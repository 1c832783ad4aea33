import type { Command } from 'commander'
import { printLine, printTable } from './print.ts'
import { runAdmin } from './run-admin.ts'

const COLUMNS = {
  id: 'SESSION',
  createdAt: 'SIGNED IN',
  lastUsedAt: 'LAST REFRESHED',
  expiresAt: 'EXPIRES',
  userAgent: 'DEVICE',
}

export function addSessionCommands(program: Command): void {
  const sessions = program.command('sessions').description('list and end the sessions of a user')

  sessions
    .command('list <username>')
    .description('the devices that a user is signed in on')
    .action(async (username: string, _options: object, command: Command) => {
      await runAdmin(
        command,
        (ask) => ask('listSessions', { username }),
        (found) => printTable(found, COLUMNS, `${username} is signed in nowhere.`),
      )
    })

  sessions
    .command('end <username>')
    .description('sign a user out everywhere; live connections close')
    .action(async (username: string, _options: object, command: Command) => {
      await runAdmin(
        command,
        (ask) => ask('endSessions', { username }),
        (ended) => printLine(`${ended.endedSessions} sessions of ${ended.username} have ended.`),
      )
    })
}
