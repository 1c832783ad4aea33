import { spawnSync } from 'node:child_process'
import type { TestContext } from 'vitest'
import { COMMAND } from '../support/server-process.ts'

/** Whether a command works on this machine. */
export function works(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

/** Skips the test where its machine lacks something, loudly; where every machine must have it, that is a failure. */
export function requireMeans({ skip, task }: TestContext, isThere: boolean, what: string): void {
  if (isThere) return
  const complaint = `“${task.name}” needs ${what}.`
  if (process.env['CI'] === 'true') throw new Error(complaint)
  console.warn(`SKIPPED: ${complaint}`)
  skip(complaint)
}

// The superuser may write to what is read-only.
const HUMBLE = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override'] : []

/** Runs the server so that it may write only to what its user may. */
export const HUMBLE_COMMAND = [...HUMBLE, ...COMMAND] as typeof COMMAND

export const canBeHumble = process.platform !== 'win32' && works('sh', '-c', [...HUMBLE, 'true'].join(' '))
