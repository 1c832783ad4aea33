import { serverAudits } from 'graphql-http'
import { expect, test } from 'vitest'
import { startServer } from '../support/testkit.ts'

// What the GraphQL over HTTP specification asks of a server, each rule by itself.
test.each(serverAudits({ url: 'http://placeholder' }).map(({ id, name }) => [id, name]))('%s: %s', async (id) => {
  const { url } = await startServer()
  const audit = serverAudits({ url }).find((one) => one.id === id)

  const result = await audit?.fn()

  expect(result?.status, result && 'reason' in result ? result.reason : undefined).toBe('ok')
})
