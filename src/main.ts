import './graphql/production-mode.ts'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'
import { StartError } from './errors.ts'

const STOP_TIMEOUT = 10_000 // ms

try {
  const config = readConfig()
  const app = await createApp(config)
  const { url } = await app.start()

  let stopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      // The same once more, or what doesn't end in time, ends the process at once.
      process.once(signal, () => process.exit(1))
      if (stopping) return
      stopping = true
      setTimeout(() => process.exit(1), STOP_TIMEOUT).unref()
      void app.stop().then(() => process.exit(0))
    })
  }
  // The log says so as well, where nobody sees it.
  if (config.logFile) console.log(`ChatServer listens on ${url}/graphql`)
} catch (error) {
  console.error(error instanceof StartError ? error.message : error)
  process.exit(1)
}
