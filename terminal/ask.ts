import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

/** Whoever asks was told to stop: Ctrl-C, or the end of the input. */
export class Interrupted extends Error {}

/** Asks for a line on the terminal, on the error output, so that what is printed can be piped. @throws Interrupted */
export function ask(question: string): Promise<string> {
  return readAnswer(question, process.stderr)
}

/** As `ask`, and shows nothing of what is typed. */
export async function askHidden(question: string): Promise<string> {
  const hidden = new Writable({ write: (_chunk, _encoding, done) => done() })
  try {
    return await readAnswer(question, hidden)
  } finally {
    process.stderr.write('\n')
  }
}

async function readAnswer(question: string, output: NodeJS.WritableStream): Promise<string> {
  // From here on the terminal itself shows nothing of what is typed: before, the question must not be seen.
  const reader = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 })
  if (output !== process.stderr) process.stderr.write(question)
  try {
    return await new Promise<string>((resolve, reject) => {
      reader.once('SIGINT', () => reject(new Interrupted()))
      reader.once('close', () => reject(new Interrupted()))
      reader.question(question).then(resolve, reject)
    })
  } finally {
    reader.close()
  }
}

/** The first line of what is piped in. */
export async function readFirstLine(): Promise<string> {
  let text = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk
  return text.split(/\r?\n/)[0] ?? ''
}
