import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'

const ROOT = join(import.meta.dirname, '../..')
const YOGA = 'node_modules/graphql-yoga/esm/plugins/**/*.js' // has codes of its own
const SOURCES = [YOGA, '.env.example', '{src,terminal,scripts,test}/**/*.ts', 'compose.yaml']
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT })

const read = (page: string) => readFileSync(join(ROOT, page), 'utf8')
const sources = globSync(SOURCES, { cwd: ROOT }).map(read).join()

/** What GitHub makes of a page's headings. */
function anchorsOf(page: string): string[] {
  const headings = read(page).matchAll(/^#+ (.+)$/gm)
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

test.each(pages)('Links of %s lead somewhere', (page) => {
  const links = [...read(page).matchAll(/\]\(((?!https?:)[^)\s]+)\)/g)].map(([, link = '']) => link)
  const broken = links.filter((link) => {
    const [file = '', anchor] = link.split('#')
    const target = file ? join(dirname(page), file) : page
    return !existsSync(join(ROOT, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor))
  })
  expect(broken).toEqual([])
})

test.each(pages)('Files that %s names are there', (page) => {
  const named = [
    ...read(page).matchAll(/`((?:src|test|scripts|docs|examples|prisma|bench|deploy|terminal|web)\/[\w./-]*)`/g),
  ]
  expect(named.map(([, path = '']) => path).filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
})

test.each(pages)('Commands that %s names are there', (page) => {
  const { scripts } = JSON.parse(read('package.json'))
  const named = [...read(page).matchAll(/npm run (?:--silent )?([\w-]+)/g)]
  expect(named.map(([, name = '']) => name).filter((name) => !(name in scripts))).toEqual([])
})

test.each(pages)('Operations that %s names are there', (page) => {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  const operations = new Set(roots.flatMap((root) => Object.keys(root?.getFields() ?? {})))
  const lists = [...read(page).matchAll(/\b(?:query|mutation|subscription) ((?:`\w+[^`]*`(?:, )?)+)/g)]
  const named = lists.flatMap(([, list = '']) => [...list.matchAll(/`(\w+)[^`]*`/g)])
  expect(named.map(([, name = '']) => name).filter((name) => !operations.has(name))).toEqual([])
})

test.each(pages)('Settings, codes and values that %s names are there', (page) => {
  const named = [...read(page).matchAll(/`([A-Z]+(?:_[A-Z]+)+)(?:=[^`]*)?`/g)]
  expect(named.map(([, name = '']) => name).filter((name) => !sources.includes(name))).toEqual([])
})
