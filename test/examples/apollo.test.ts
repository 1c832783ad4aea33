import { lastValueFrom } from 'rxjs'
import { expect, onTestFinished, test } from 'vitest'
import { createApolloClient, followGroup, GROUP } from '../../examples/apollo.ts'
import { ListeningError } from '../../examples/resume.ts'
import { removeFromGroup } from '../support/messages.ts'
import { wholeHistory } from '../support/whole-history.ts'
import { type Storm, stormyGroup } from './storm.ts'

/** What Jerry sees of the group: whatever a query shows that watches it. */
async function followWithApollo({ jerry, line, groupId }: Storm, getToken = () => jerry.accessToken) {
  const client = createApolloClient({ url: line.url, getToken })
  onTestFinished(() => client.stop())
  const events = await followGroup(client, groupId)
  const group = client.watchQuery({ query: GROUP, variables: { id: groupId }, fetchPolicy: 'cache-only' })

  /** Resolves with what there is to see when the message with this number is there. */
  function shows(seq: number): Promise<unknown[]> {
    return new Promise((resolve) => {
      const watching = group.subscribe(({ data }) => {
        const messages = data?.group?.messages?.edges?.map((edge) => edge?.node) ?? []
        if (messages.some((message) => message?.seq === seq)) resolve(messages)
      })
      onTestFinished(() => watching.unsubscribe())
    })
  }
  return { events, shows }
}

test('Whatever becomes of the line, Apollo’s cache holds the history', async () => {
  const scene = await stormyGroup()
  const { events, shows } = await followWithApollo(scene)
  const created: number[] = []
  const following = events.subscribe(({ type, message }) => {
    if (type === 'CREATED') created.push(message.seq)
  })
  onTestFinished(() => following.unsubscribe())

  await scene.storm({ edits: true })

  const history = await wholeHistory(scene.jerry, scene.groupId)
  const shown = await shows(history.length)
  expect(shown).toMatchObject(history.map(({ id, seq, content }) => ({ id, seq, content })))
  expect(shown).toHaveLength(history.length)
  expect(created).toEqual([...new Set(created)])
})

test('With Apollo, a removal ends it, and a signing out is told of', async () => {
  const scene = await stormyGroup()
  const signedOut = new ListeningError('Signed out', 'UNAUTHENTICATED')
  let isSignedIn = true
  const { events, shows } = await followWithApollo(scene, () => {
    if (isSignedIn) return scene.jerry.accessToken
    throw signedOut
  })
  const failing = lastValueFrom(events)
  await scene.write(1)
  await shows(3)

  isSignedIn = false
  await Promise.all([scene.line.cutAfter(0), scene.write(1)])
  await expect(failing).rejects.toBe(signedOut)

  isSignedIn = true
  const ending = lastValueFrom(events)
  await shows(4)
  await scene.tom.request(removeFromGroup, { groupId: scene.groupId, username: 'jerry' })
  expect((await ending).message.content).toBe('message 2')
})
