import { type DestinationStream, type Logger, pino } from 'pino'
import { type LogFileSettings, openLogFile } from './log-file.ts'
import { REDACTION } from './redaction.ts'
import { currentScope } from './request-scope.ts'

const MOST_CAUSES = 5 // of an error, each by another

export interface Log {
  logger: Logger
  close(): void
}

/**
 * @param file left out, the log goes to stdout
 * @throws StartError where the file can't be written
 */
export function openLog(level: string, file?: LogFileSettings): Log {
  if (!file) return { logger: createLogger(level), close() {} }
  const destination = openLogFile(file)
  return { logger: createLogger(level, destination), close: destination.close }
}

/** One JSON object a line, with the id of the request that it is about. */
export function createLogger(level: string, destination: DestinationStream = openStdout()): Logger {
  return pino({ level, mixin: requestOf, serializers: { err: describeError }, redact: REDACTION }, destination)
}

/** A disk that it is redirected to may be full, which must not end the server. */
function openStdout(): DestinationStream {
  return pino.destination(1).on('error', () => {})
}

function requestOf(): object {
  const { requestId } = currentScope() ?? {}
  return requestId ? { requestId } : {}
}

/** What happened and where. What else an error holds may be somebody's: a message, a token, a whole row. */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error
  const { name: type, message, stack, cause } = error
  const { code } = error as NodeJS.ErrnoException
  const isCauseKnown = cause !== undefined && depth < MOST_CAUSES
  return { type, message, code, stack, ...(isCauseKnown && { cause: describeError(cause, depth + 1) }) }
}
