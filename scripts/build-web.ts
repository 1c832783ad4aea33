// Builds the web client into web/dist, with each file compressed as well: npm runs it after an install.
// A build that fails leaves the rest of the installation whole: the server tells of it, and serves its API.
import { glob, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'

const WEB = join(import.meta.dirname, '../web')
const DIST = join(WEB, 'dist')
const COMPRESSIBLE = '**/*.{html,js,css,svg}'

const [brotli, zip] = [promisify(brotliCompress), promisify(gzip)]

async function compress(name: string): Promise<void> {
  const path = join(DIST, name)
  const content = await readFile(path)
  await Promise.all([
    brotli(content).then((compressed) => writeFile(`${path}.br`, compressed)),
    zip(content, { level: 9 }).then((compressed) => writeFile(`${path}.gz`, compressed)),
  ])
}

try {
  const { build } = await import('vite')
  await build({ configFile: join(WEB, 'vite.config.ts'), logLevel: 'warn' })
  for await (const name of glob(COMPRESSIBLE, { cwd: DIST })) await compress(name)
} catch (error) {
  console.error(
    `The web client was not built (npm run build builds it): ${error instanceof Error ? error.message : error}`,
  )
  process.exitCode = process.argv.includes('--optional') ? 0 : 1
}
