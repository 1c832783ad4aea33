import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { blocksOf, likeShown } from './page.ts'
import { runPage } from './run-page.ts'

const ROOT = join(import.meta.dirname, '../..')
const EXAMPLES = 'docs/examples'
const LONG = 120_000 // ms: a whole page on a busy machine

const pages = ['README.md', ...(await readdir(join(ROOT, EXAMPLES))).map((name) => `${EXAMPLES}/${name}`)]

needs('curl', 'jq')('What a page says is so', () => {
  test.each(pages)('%s', { timeout: LONG }, (path) => runPage(readFileSync(join(ROOT, path), 'utf8')))

  test('A page that shows what isn’t printed fails, and so does one that doesn’t show what is', async () => {
    const [command, output] = ['```sh\necho one; echo two\n```\n', '```text\none\n2\n```\n']
    await expect(runPage(command + output)).rejects.toThrow('what line 4 shows')
    await expect(runPage(command)).rejects.toThrow('printed in terminal , and not shown')
    await expect(runPage(command + command)).rejects.toThrow('printed before line 4')
  })

  test('A page with a block that isn’t run fails', async () => {
    await expect(runPage('```ruby\nputs 1\n```\n')).rejects.toThrow('Nothing is done with the ruby block in line 1')
    await expect(runPage('```ts from=package.json\nno such line\n```\n')).rejects.toThrow('what line 1 quotes')
  })
})

test('Blocks come with their marks', () => {
  expect(blocksOf('Text\n```sh terminal=jerry\necho 1\n```\n\n```text\n1\n```\n')).toEqual([
    { line: 2, language: 'sh', options: { terminal: 'jerry' }, text: 'echo 1\n' },
    { line: 6, language: 'text', options: {}, text: '1\n' },
  ])
})

test('An … stands for one thing that differs each time, and what drifts stays as it is', () => {
  expect(likeShown('"id": "…"\nb', '"id": "VXNlcjox"\nb')).toBe('"id": "…"\nb')
  expect(likeShown('"id": "…"\nb', '"id": "", "more": "x"\nc')).toBe('"id": "", "more": "x"\nc')
})
