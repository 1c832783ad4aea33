import { expect, test } from 'vitest'
import { openSignedInSocket } from '../support/bare-socket.ts'
import { graphql } from '../support/graphql.ts'
import {
  groupHistory,
  listenToGroup,
  listenToInbox,
  newGroup,
  removeFromGroup,
  sendToGroup,
} from '../support/messages.ts'
import { startServer } from '../support/testkit.ts'

const deleteTheGroup = graphql(`
  mutation DeleteTheGroup($groupId: ID!) { deleteGroup(input: { groupId: $groupId }) { deletedGroupId } }
`)
const signOutEverywhere = graphql(`mutation SignOutEverywhere { logoutEverywhere { ok } }`)
const changeThePassword = graphql(`
  mutation ChangeThePassword($current: String!) {
    changePassword(input: { currentPassword: $current, newPassword: "another password" }) { accessToken }
  }
`)
const closeTheAccount = graphql(`
  mutation CloseTheAccount($password: String!) { deleteAccount(input: { password: $password }) { ok } }
`)

async function tomAndJerrysGroup() {
  const server = await startServer()
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  const { createGroup } = await tom.request(newGroup, { name: 'The house', memberIds: [jerry.id] })
  return { server, tom, jerry, groupId: createGroup.group.id }
}

test('With the group, its streams end, on sockets and over SSE', async () => {
  const { tom, jerry, groupId } = await tomAndJerrysGroup()
  const ears = [jerry.listen(listenToGroup, { groupId }), jerry.listenOverSse(listenToGroup, { groupId })]
  await Promise.all(ears.map(({ ready }) => ready))

  await tom.request(deleteTheGroup, { groupId })

  for (const ear of ears) await ear.ended
})

test.each([
  ['signing out everywhere', signOutEverywhere, {}],
  ['changing the password', changeThePassword, { current: 'the password of jerry' }],
  ['deleting the account', closeTheAccount, { password: 'the password of jerry' }],
] as const)('%s closes all of one’s sockets and streams, and nobody else’s', async (_what, operation, variables) => {
  const { server, tom, jerry, groupId } = await tomAndJerrysGroup()
  const jerrysPhone = await server.login(jerry)
  const onSockets = [jerry.listen(listenToInbox, {}), jerrysPhone.listen(listenToGroup, { groupId })]
  const overSse = jerrysPhone.listenOverSse(listenToInbox, {})
  const toms = tom.listen(listenToGroup, { groupId })
  await Promise.all([...onSockets, overSse, toms].map(({ ready }) => ready))

  await jerry.post({ query: operation.toString(), variables })

  for (const ear of onSockets) await expect(ear.ended).rejects.toMatchObject({ code: 4403 })
  await expect(overSse.ended).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  const { sendGroupMessage } = await tom.request(sendToGroup, { input: { groupId, content: 'Still here' } })
  let heard = (await toms.next()).groupMessages
  while (heard.message.kind === 'SYSTEM') heard = (await toms.next()).groupMessages
  expect(heard.cursor).toBe(sendGroupMessage.cursor)
})

test('A removed member gets not one message more, however many are under way', async () => {
  const { server, tom, jerry, groupId } = await tomAndJerrysGroup()
  const phones = await Promise.all(Array.from({ length: 5 }, () => server.login(jerry)))
  const ears = phones.map((phone) => phone.listen(listenToGroup, { groupId }))
  await Promise.all(ears.map(({ ready }) => ready))

  const sending = Array.from({ length: 200 }, () => tom.request(sendToGroup, { input: { groupId, content: 'Hm' } }))
  const removing = sending[100]?.then(() => tom.request(removeFromGroup, { groupId, username: 'jerry' }))
  await Promise.all([...sending, removing])
  const { groupMessages: removal } = await removalIn(tom, groupId)

  for (const ear of ears) {
    await ear.ended
    for (const { groupMessages } of ear.untaken) expect(groupMessages.message.seq).toBeLessThan(removal.message.seq)
  }

  /** The log’s own account of when he was removed. */
  async function removalIn(viewer: typeof tom, id: string) {
    const log = viewer.listen(listenToGroup, {
      groupId: id,
      after: server.app.services.cursors.encode({ position: 0n }),
    })
    for (;;) {
      const event = await log.next()
      if (event.groupMessages.message.content === 'was removed from the group') return event
    }
  }
})

test('Whoever doesn’t answer the close of his socket is heard no more', async () => {
  const { server, tom, jerry, groupId } = await tomAndJerrysGroup()
  const { socket, send, closed } = await openSignedInSocket(server.url, jerry.accessToken)
  socket.pause()

  await jerry.request(signOutEverywhere)
  const query = `mutation { sendGroupMessage(input: { groupId: "${groupId}", content: "Still here" }) { cursor } }`
  send({ type: 'subscribe', id: 'late', payload: { query } })
  socket.resume()

  expect(await closed).toBe(4403)
  const { group } = await tom.request(groupHistory, { id: groupId, last: 1 })
  expect(group?.messages.edges[0]?.node.kind).toBe('SYSTEM')
})

test('Who ends his own sessions over a socket gets the answer before it closes', async () => {
  const { server, jerry } = await tomAndJerrysGroup()
  const { send, next, closed } = await openSignedInSocket(server.url, jerry.accessToken)

  const variables = { current: jerry.password }
  send({ type: 'subscribe', id: 'change', payload: { query: changeThePassword.toString(), variables } })

  expect(await next()).toMatchObject({ payload: { data: { changePassword: { accessToken: expect.any(String) } } } })
  expect(await next()).toMatchObject({ type: 'complete' })
  expect(await closed).toBe(4403)
})
