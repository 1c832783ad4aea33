import { expect, test } from 'vitest'
import { logoutEverywhere, refreshSession, viewer } from '../auth/operations.ts'
import { listenToInbox } from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'
import { SocketClosedError } from '../support/testkit.ts'
import { startTwoNodes, startTwoNodesOn, timeout } from './two-nodes.ts'

const HOW = [
  ['with Redis', () => startTwoNodes()],
  ['without Redis', () => startTwoNodesOn([])],
] as const

needs('redis', 'postgres')('Among two nodes', () => {
  test.for(HOW)('signing out everywhere closes the sockets at both, %s', { timeout }, async ([, start]) => {
    const [one, two] = await start()
    const [tom, jerry] = await Promise.all([one.register('tom'), two.register('jerry')])
    const phone = await two.login(tom)
    const ears = [tom, two.withToken(tom.accessToken), phone].map((here) => here.listen(listenToInbox))
    const jerrys = jerry.listen(listenToInbox)
    for (const { ready } of [...ears, jerrys]) await ready

    await tom.request(logoutEverywhere)
    for (const ear of ears) {
      const reason = await ear.ended.catch((error) => error)
      expect(reason).toBeInstanceOf(SocketClosedError)
      expect(reason.code).toBe(4403)
    }
    for (const node of [one, two]) {
      // A node that isn't told trusts a token for some seconds.
      const use = () => node.withToken(phone.accessToken).request(viewer)
      await poll(
        () =>
          use().then(
            () => null,
            ({ code }) => code,
          ),
        'UNAUTHENTICATED',
      )
    }
    const jerryIsThere = jerry.listen(listenToInbox)
    await jerryIsThere.ready
  })

  test('a refresh token that is used at both side by side leaves the session alive', { timeout }, async () => {
    const nodes = await startTwoNodes()
    const tom = await nodes[0].register('tom')
    let { refreshToken } = tom
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all(
        [...nodes, ...nodes].map(({ anonymous }) => anonymous.request(refreshSession, { refreshToken })),
      )
      for (const [index, { refreshSession: grant }] of answers.entries()) {
        const other = nodes[(index + 1) % 2]
        expect(await other?.withToken(grant.accessToken).request(viewer)).toMatchObject({ viewer: { username: 'tom' } })
        refreshToken = grant.refreshToken
      }
    }
  })
})
