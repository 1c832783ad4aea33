import { createClient } from 'graphql-sse'
import { expect, test } from 'vitest'
import type { ListenToGroupSubscription, ListenToGroupSubscriptionVariables } from '../generated/graphql.ts'
import type { EventSink } from '../support/event-queue.ts'
import type { TypedDocumentString } from '../support/graphql.ts'
import { listenToGroup } from '../support/messages.ts'
import { type Answer, bodyOf, dataOf, type Variables } from '../support/operation.ts'
import { RETRY_INTERVAL } from '../support/patience.ts'
import { startServer } from '../support/testkit.ts'
import { converse, type RealClientOptions } from './conversation.ts'

function open({ url, getToken }: RealClientOptions) {
  const headers = async () => ({ authorization: `Bearer ${await getToken()}` })
  const client = createClient({ url, headers, retryAttempts: 0 })
  let isOver = false

  /** graphql-sse itself would come back with the cursor that it began with. */
  async function resume(
    { groupId, after }: ListenToGroupSubscriptionVariables,
    sink: EventSink<ListenToGroupSubscription>,
  ) {
    let cursor = after ?? null
    while (!isOver) {
      try {
        const body = bodyOf(listenToGroup, { groupId, after: cursor })
        for await (const answer of client.iterate<ListenToGroupSubscription>(body)) {
          const data = dataOf(answer as Answer<ListenToGroupSubscription>)
          cursor = data.groupMessages.cursor
          sink.push(data)
        }
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RETRY_INTERVAL))
      }
    }
  }

  return {
    async request<Data, V extends Variables>(document: TypedDocumentString<Data, V>, variables: V): Promise<Data> {
      for await (const answer of client.iterate<Data>(bodyOf(document, variables)))
        return dataOf(answer as Answer<Data>)
      throw new Error('No answer')
    },
    follow: (variables: ListenToGroupSubscriptionVariables, sink: EventSink<ListenToGroupSubscription>) =>
      void resume(variables, sink),
    close() {
      isOver = true
      client.dispose()
    },
  }
}

test('graphql-sse’s client converses, with a connection for each operation', { timeout: 60_000 }, () => converse(open))

test('Its mode of a single connection isn’t supported, and refused', async () => {
  const { url } = await startServer()

  expect((await fetch(url, { method: 'PUT' })).status).toBe(405)
})
