import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { StartError } from '../errors.ts'

/** A stop by Ctrl-C or Ctrl-D, where something was asked. */
class Interrupted extends StartError {}

/**
 * A new password: asked for twice on the terminal, which doesn't show it, or all of stdin without a line break at its end.
 * Never an argument, which every user of the machine can read.
 * @throws StartError where there is no terminal to ask on, or the two differ
 */
export async function newPassword({ isOnStdin }: { isOnStdin: boolean }): Promise<string> {
  if (isOnStdin) return (await text(process.stdin)).replace(/\r?\n$/, '')
  if (!process.stdin.isTTY) {
    throw new StartError('There is no terminal to ask for the password on: pipe it in, with --password-stdin.')
  }
  const [password, again] = await askAll(['Password: ', 'The same again: '], { isSecret: true })
  if (password !== again) throw new StartError('These are two different passwords: nothing has been changed.')
  return password ?? ''
}

/**
 * Has a word typed that shows that what comes is meant.
 * @throws StartError where it is another one, or there is no terminal to ask on
 */
export async function confirmByTyping(word: string, question: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new StartError('There is no terminal to ask on whether you mean it: say so with --yes.')
  const [typed] = await askAll([`${question} Type ${word} to go on: `], { isSecret: false })
  if (typed?.trim() !== word) throw new StartError('That is another name: nothing has been changed.')
}

async function askAll(questions: string[], { isSecret }: { isSecret: boolean }): Promise<string[]> {
  // The questions go where the answers of the command don't.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({
    input: process.stdin,
    output: isSecret ? nowhere : process.stderr,
    terminal: true,
  })
  const interrupted = new Promise<never>((_, reject) => {
    terminal.once('close', () => reject(new Interrupted('Nothing has been changed.')))
    terminal.once('SIGINT', () => terminal.close())
  })
  interrupted.catch(() => {})
  try {
    const answers: string[] = []
    for (const question of questions) {
      if (isSecret) process.stderr.write(question)
      answers.push(await Promise.race([terminal.question(isSecret ? '' : question), interrupted]))
      if (isSecret) process.stderr.write('\n')
    }
    return answers
  } finally {
    terminal.close()
  }
}
