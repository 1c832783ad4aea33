import { test } from 'vitest'
import { suiteFor } from '../support/needs.ts'

const isCi = process.env['CI'] === 'true'
const poor = { find: () => undefined, isCi }

for (const name of ['two nodes', 'three nodes']) {
  suiteFor(['redis', 'haproxy'], poor)(name, () => {
    test('would fail', () => {
      throw new Error('The test has run')
    })
  })
}

suiteFor(['redis'], { find: () => '/usr/bin/redis-server', isCi })('one node', () => {
  test('runs', () => {})
})
