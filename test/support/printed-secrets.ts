import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { findSecrets } from './secret-search.ts'

const MOST_SHOWN = 5

declare module 'vitest' {
  interface ProvidedContext {
    /** Where all that servers print is kept, and the secrets that they were given. */
    printedFolder: string
  }
}

/** Vitest's global setup: fails the run where a server has printed a password or a token, wherever that was. */
export async function setup({ provide }: TestProject) {
  const folder = await mkdtemp(join(tmpdir(), 'chatserver-printed-'))
  provide('printedFolder', folder)
  return async () => {
    try {
      await expectNoSecrets(folder)
    } finally {
      await rm(folder, { recursive: true })
    }
  }
}

async function expectNoSecrets(folder: string): Promise<void> {
  const names = await readdir(folder)
  const read = (kind: string) =>
    Promise.all(names.filter((name) => name.startsWith(kind)).map((name) => readFile(join(folder, name), 'utf8')))
  const secrets = (await read('secrets')).flatMap((lines) =>
    lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  )
  const found = (await read('printed')).flatMap((text) => findSecrets(text, secrets))
  if (found.length === 0) return
  const shown = found.slice(0, MOST_SHOWN).map((place) => `\n  … ${place} …`)
  throw new Error(`Servers have printed secrets, ${found.length} times:${shown.join('')}`)
}
