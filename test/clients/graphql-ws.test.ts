import { test } from 'vitest'
import { connect, resuming } from '../../examples/resume.ts'
import type { ListenToGroupSubscription } from '../generated/graphql.ts'
import type { TypedDocumentString } from '../support/graphql.ts'
import { listenToGroup } from '../support/messages.ts'
import { type Answer, bodyOf, dataOf, type Variables } from '../support/operation.ts'
import { converse } from './conversation.ts'

test('graphql-ws’s client converses, with everything on one socket', { timeout: 60_000 }, () =>
  converse(({ url, getToken }) => {
    const client = connect({ url: url.replace('http', 'ws'), getToken })
    return {
      async request<Data, V extends Variables>(document: TypedDocumentString<Data, V>, variables: V) {
        for await (const answer of client.iterate(bodyOf(document, variables))) return dataOf(answer as Answer<Data>)
        throw new Error('No answer')
      },
      follow(variables, sink) {
        resuming(client).subscribe<ListenToGroupSubscription>(bodyOf(listenToGroup, variables), {
          next: (answer) => sink.push(dataOf(answer)),
          error: (error) => sink.fail(Object(error)),
          complete: sink.complete,
        })
      },
      close: () => void client.dispose(),
    }
  }),
)
