#!/usr/bin/env node
// npx chatserver <command>, in the project's folder. An older Node than the sources need hands over to the bundled one.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const NEEDED = 24
const bundled = fileURLToPath(
  new URL(
    `../node_modules/node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}/bin/`,
    import.meta.url,
  ),
)
const node = `${bundled}node${process.platform === 'win32' ? '.exe' : ''}`

if (Number(process.versions.node.split('.')[0]) < NEEDED && existsSync(node)) {
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.once('exit', (code) => process.exit(code ?? 1))
} else {
  // npm start has a flag for this, which a program's first line can't pass on everywhere.
  const [print] = process.listeners('warning')
  process.removeAllListeners('warning')
  process.on('warning', (warning) => warning.name === 'ExperimentalWarning' || print?.(warning))

  await import('../scripts/require-node.mjs')
  await import('../scripts/compile-cache.mjs')
  // npm's own process stands between the caller and this one.
  if (process.env['npm_lifecycle_event']) await import('../scripts/end-with-npm.mjs')
  const { runCommandLine } = await import('../src/cli/cli.ts')
  process.exitCode = await runCommandLine(process.argv.slice(2))
}
