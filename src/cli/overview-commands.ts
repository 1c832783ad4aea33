import { type Command, InvalidArgumentError } from 'commander'
import { printTable } from './print.ts'
import { runAdmin } from './run-admin.ts'

const GROUP_COLUMNS = {
  members: 'MEMBERS',
  messages: 'MESSAGES',
  visibility: 'VISIBILITY',
  owner: 'OWNER',
  name: 'NAME',
  id: 'ID',
}
const TOTALS = {
  users: 'USERS',
  sessions: 'SESSIONS',
  groups: 'GROUPS',
  messages: 'MESSAGES',
  uploads: 'UPLOADS',
  uploadedBytes: 'BYTES OF UPLOADS',
}

export function addOverviewCommands(program: Command): void {
  program
    .command('groups')
    .description('the groups with the most members')
    .option('--largest <count>', 'how many of them, 10000 at most', parseCount, 20)
    .action(async ({ largest }: { largest: number }, command: Command) => {
      await runAdmin(
        command,
        (ask) => ask('largestGroups', { limit: largest }),
        (groups) => printTable(groups, GROUP_COLUMNS, 'There are no groups.'),
      )
    })

  program
    .command('stats')
    .description('how much of everything there is')
    .action(async (_options: object, command: Command) => {
      await runAdmin(
        command,
        (ask) => ask('totals', {}),
        (totals) => printTable([totals], TOTALS, ''),
      )
    })
}

function parseCount(given: string): number {
  const count = Number(given)
  if (!Number.isInteger(count) || count < 1 || count > 10_000)
    throw new InvalidArgumentError('It is a number from 1 to 10000.')
  return count
}
