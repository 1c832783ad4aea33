import { expect, onTestFinished } from 'vitest'
import { createClient } from '../support/client.ts'
import { listenToDirect, sendDirect } from '../support/messages.ts'
import type { TestServer } from '../support/testkit.ts'

/** Has two people talk through what stands before the server, over HTTP, WebSocket and SSE. @param url of its root */
export async function talkThrough(url: string, server: TestServer): Promise<void> {
  const [tom, jerry] = await Promise.all([server.register('tom'), server.register('jerry')])
  const tomThere = createClient(`${url}/graphql`, tom.accessToken)
  const jerryThere = createClient(`${url}/graphql`, jerry.accessToken)
  onTestFinished(() => {
    tomThere.close()
    jerryThere.close()
  })

  const ears = [
    jerryThere.listen(listenToDirect, { with: 'tom' }),
    jerryThere.listenOverSse(listenToDirect, { with: 'tom' }),
  ]
  await Promise.all(ears.map(({ ready }) => ready))
  // The second one finds what the first may have left unsent on the way.
  for (const content of ['Hello, Jerry', 'And more']) {
    await tomThere.request(sendDirect, { input: { to: { id: jerry.id }, content } })
    for (const ear of ears) expect((await ear.next()).directMessages.message.content).toBe(content)
  }
}
