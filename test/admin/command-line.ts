import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { settings } from '../../src/config.ts'
import { notePrinted } from '../support/printed.ts'

/** What `npx chatserver` runs. */
export const CHATSERVER = join(import.meta.dirname, '../../bin/chatserver.mjs')

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** Runs one of the owner's commands in a process of its own. */
export type RunCommand = (words: string, input?: string) => Promise<Ended>

/** @param given the settings that it has; all others are left out */
export function commandLine(given: Record<string, string>, folder?: string): RunCommand {
  return (words, input) => runProgram([process.execPath, CHATSERVER, ...words.split(' ')], given, { input, folder })
}

/**
 * Runs a program until it ends, or the running test does.
 * @param input what it reads; nothing where left out
 * @param dialogue what it asks, and what is typed then
 */
export async function runProgram(
  [command = '', ...args]: string[],
  given: Record<string, string>,
  {
    input = '',
    folder,
    dialogue,
  }: { input?: string | undefined; folder?: string | undefined; dialogue?: [question: string, reply: string][] } = {},
): Promise<Ended> {
  const inherited = Object.entries(process.env).filter(([name]) => !(name in settings.shape))
  const child = spawn(command, args, { cwd: folder, env: { ...Object.fromEntries(inherited), ...given } })
  let [stdout, stderr, heard] = ['', '', 0]
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
    const [question, reply] = dialogue?.[0] ?? []
    if (question === undefined || !stdout.slice(heard).includes(question)) return
    dialogue?.shift()
    heard = stdout.length
    child.stdin.write(`${reply}\n`)
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  const exited = once(child, 'close')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
  })
  // It may end without having read.
  child.stdin.on('error', () => {})
  if (!dialogue) child.stdin.end(input)
  const [code] = await exited
  notePrinted(stdout + stderr)
  return { code, stdout, stderr }
}
