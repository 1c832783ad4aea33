// npm version runs this: writes schema.released.graphql, what clients of this release rely on.
// With --check: fails where the schema has broken with the last release. What goes is deprecated for a release first.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema, findBreakingChanges } from 'graphql'

const ROOT = join(import.meta.dirname, '..')

/** @param released a schema as it was printed, and the same later on. @returns one line for each thing that clients lose */
export function breakingChanges(released: string, current: string): string[] {
  return findBreakingChanges(buildSchema(released), buildSchema(current)).map(({ type, description }) => {
    return `${type}: ${description}`
  })
}

function read(name: string): string {
  return readFileSync(join(ROOT, name), 'utf8')
}

if (import.meta.main) {
  if (!process.argv.includes('--check')) {
    writeFileSync(join(ROOT, 'schema.released.graphql'), read('schema.graphql'))
  } else {
    const broken = breakingChanges(read('schema.released.graphql'), read('schema.graphql'))
    if (broken.length > 0) {
      console.error(['schema.graphql breaks what clients of the last release rely on:', ...broken].join('\n- '))
      process.exitCode = 1
    }
  }
}
