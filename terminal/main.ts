// npm run chat -- --as tom @jerry

import { ExitCode } from './chat.ts'
import { chatCommand } from './chat-command.ts'

const command = chatCommand().exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : ExitCode.usage))
await command.parseAsync()
