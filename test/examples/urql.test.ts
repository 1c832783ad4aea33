import { expect, onTestFinished, test } from 'vitest'
import { ListeningError } from '../../examples/resume.ts'
import { createUrqlClient, followGroup, type Message } from '../../examples/urql.ts'
import { wholeHistory } from '../support/whole-history.ts'
import { type Storm, stormyGroup } from './storm.ts'

/** What Jerry sees of the group, and what he is told when that comes to an end. */
async function followWithUrql({ jerry, line, groupId }: Storm, getToken = () => jerry.accessToken) {
  const client = createUrqlClient({ url: line.url, getToken })
  const failed = Promise.withResolvers<Error>()
  let shown: Message[] = []
  let onShown = () => {}
  const stop = await followGroup(client, groupId, {
    onChange(messages) {
      shown = messages
      onShown()
    },
    onError: failed.resolve,
  })
  onTestFinished(stop)

  /** Resolves with what there is to see when the message with this number is there. */
  function shows(seq: number): Promise<Message[]> {
    return new Promise((resolve) => {
      onShown = () => {
        if (shown.some((message) => message.seq === seq)) resolve(shown)
      }
      onShown()
    })
  }
  return { shows, failed: failed.promise }
}

test('Whatever becomes of the line, what is followed with urql is the history', async () => {
  const scene = await stormyGroup()
  const { shows } = await followWithUrql(scene)

  await scene.storm({ edits: true })

  const history = await wholeHistory(scene.jerry, scene.groupId)
  const shown = await shows(history.length)
  expect(shown).toMatchObject(history.map(({ id, seq, content }) => ({ id, seq, content })))
  expect(shown).toHaveLength(history.length)
})

test('With urql, a signing out is told of', async () => {
  const scene = await stormyGroup()
  const signedOut = new ListeningError('Signed out', 'UNAUTHENTICATED')
  let isSignedIn = true
  const { shows, failed } = await followWithUrql(scene, () => {
    if (isSignedIn) return scene.jerry.accessToken
    throw signedOut
  })
  await scene.write(1)
  await shows(3)

  isSignedIn = false
  await Promise.all([scene.line.cutAfter(0), scene.write(1)])
  expect(await failed).toMatchObject({ networkError: signedOut })
})
