import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { expect } from 'vitest'
import { type ServerProcess, startProcess } from '../support/server-process.ts'
import { temporaryFolder } from '../support/testkit.ts'
import { type Block, blocksOf, likeShown } from './page.ts'
import { openTerminal, type Terminal } from './terminal.ts'

const ROOT = join(import.meta.dirname, '../..')
const ADDRESS = '127.0.0.1:8080' // that pages speak of, and a test can't rely on
const CHANGED = ['.git', '.env', 'data', 'examples'] // what is to be another one for each page
const NEEDS_SERVER = /127\.0\.0\.1:8080|examples\/|npm run/

/**
 * Does what a reader of the page does, with a server of his own: pastes its `sh` blocks into terminals, saves those with a `file=`,
 * and compares what he sees with the `text` and `json` blocks. docs/examples/README.md describes the marks.
 * @throws where the page shows what isn't so, doesn't show what is printed, or has a block with which nothing is done
 */
export async function runPage(page: string): Promise<void> {
  const folder = await projectFolder()
  const data = await temporaryFolder()
  const terminals = new Map<string, Terminal>()
  const screens = new Set<Terminal>()
  let server: ServerProcess | undefined
  let address = ''

  async function startServer() {
    server?.kill('SIGTERM')
    await server?.exited
    server = startProcess(data, { PORT: address.split(':')[1] ?? '0' })
    address = new URL(await server.url).host
    await copyRecipes(folder, address)
  }

  function terminalOf({ options }: Block): Terminal {
    const { terminal: name = '' } = options
    const terminal = terminals.get(name) ?? openTerminal(folder, environment(folder, address))
    terminals.set(name, terminal)
    return terminal
  }

  async function paste(block: Block) {
    const { terminal: name, screen } = block.options
    const terminal = terminalOf(block)
    if (!screens.has(terminal)) expect(terminal.takeAll(), `printed before line ${block.line}, and not shown`).toBe('')
    const text = block.text.replaceAll(ADDRESS, address)
    if ('typed' in block.options) return terminal.type(text)
    await terminal.begin(text)
    if (!name) await terminal.idle()
    if (!screen) return
    screens.add(terminal)
    await terminal.takeUpTo((line) => line.includes(screen))
  }

  async function look(block: Block) {
    const terminal = terminalOf(block)
    const shown = likeShown(block.text, (await printedIn(terminal, block)).replaceAll(address, ADDRESS))
    expect(shown, `what line ${block.line} shows`).toBe(block.text)
  }

  async function printedIn(terminal: Terminal, { text, options }: Block): Promise<string> {
    const lines = text.split('\n').slice(0, -1)
    if (!options['terminal']) return terminal.takeAll()
    if (!screens.has(terminal)) return terminal.take(lines.length)
    let found = ''
    for (const shown of lines) {
      const printed = await terminal.takeUpTo((line) => likeShown(shown, line) === shown)
      found += `${printed.split('\n').at(-2)}\n`
    }
    return found
  }

  for (const block of blocksOf(page)) {
    const { language, options, text, line } = block
    if (options['terminal'] === 'server') {
      expect(text, `what starts the server in line ${line}`).toMatch(/^(npm ci\n)?npm start\n$/)
      await startServer()
      continue
    }
    if (!server && NEEDS_SERVER.test(text)) await startServer()
    if (options['from']) {
      expect(await readFile(join(ROOT, options['from']), 'utf8'), `what line ${line} quotes`).toContain(text)
    } else if (options['file']) {
      await writeFile(join(folder, options['file']), text.replaceAll(ADDRESS, address))
    } else if (language === 'sh' || 'typed' in options) await paste(block)
    else if (language === 'text' || language === 'json') await look(block)
    else throw new Error(`Nothing is done with the ${language} block in line ${line}`)
  }
  for (const [name, terminal] of terminals) {
    if (!screens.has(terminal)) expect(terminal.takeAll(), `printed in terminal ${name}, and not shown`).toBe('')
  }
}

/** In which commands that are given no address find the server, keep to the folder, and npm says nothing of its own. */
function environment(folder: string, address: string): Record<string, string> {
  return {
    PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`, // `node` is this one
    CHAT_URL: `http://${address}`,
    XDG_CONFIG_HOME: folder,
    NPM_CONFIG_LOGLEVEL: 'silent',
  }
}

/** Where a reader works: the project's folder, without what he would change there. */
async function projectFolder(): Promise<string> {
  const folder = join(await temporaryFolder(), 'chatserver')
  await mkdir(join(folder, 'examples'), { recursive: true })
  for (const name of await readdir(ROOT)) {
    if (!CHANGED.includes(name)) await symlink(join(ROOT, name), join(folder, name))
  }
  return folder
}

/** The project's recipes, for a server at another address than theirs. */
async function copyRecipes(folder: string, address: string): Promise<void> {
  for (const name of await readdir(join(ROOT, 'examples'))) {
    const recipe = await readFile(join(ROOT, 'examples', name), 'utf8')
    await writeFile(join(folder, 'examples', name), recipe.replaceAll(ADDRESS, address))
  }
}
