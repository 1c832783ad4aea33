import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { threadId } from 'node:worker_threads'
import { type Logger, pino } from 'pino'
import { inject } from 'vitest'

const SHORTEST = 10 // characters; what is shorter may turn up by chance
const DEMO_PASSWORD = 'password123' // which anybody may know
const SECRET_NAME = /password|token|secret/i

let logger: Logger | undefined
const noted = new Set<string>()

/** Of servers in this process: keeps all that they say, down to the last detail, for a look at the run's end. */
export function printedLogger(): Logger {
  logger ??= pino({ level: 'trace' }, pino.destination({ dest: fileOf('printed'), sync: true }))
  return logger
}

/** Keeps what another process has printed. */
export function notePrinted(text: string): void {
  if (text) appendFileSync(fileOf('printed'), `${text}\n`)
}

/** Keeps what no server may ever print. */
export function noteSecret(secret: string): void {
  if (secret.length < SHORTEST || secret === DEMO_PASSWORD || noted.has(secret)) return
  noted.add(secret)
  appendFileSync(fileOf('secrets'), `${JSON.stringify(secret)}\n`)
}

/** The same with the passwords and tokens in an operation's variables, or in its answer. */
export function noteSecretsIn(value: unknown, name = ''): void {
  if (typeof value === 'string') {
    if (SECRET_NAME.test(name)) noteSecret(value)
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) noteSecretsIn(part, key)
  }
}

function fileOf(kind: 'printed' | 'secrets'): string {
  return join(inject('printedFolder'), `${kind}-${process.pid}-${threadId}`)
}
