import { expect, test } from 'vitest'
import { deleteGroup } from '../group/operations.ts'
import {
  addToGroup,
  listenToGroup,
  listenToInbox,
  newGroup,
  removeFromGroup,
  sendDirect,
  sendToGroup,
} from '../support/messages.ts'
import { needs } from '../support/needs.ts'
import { wholeHistory } from '../support/whole-history.ts'
import { startTwoNodes, timeout } from './two-nodes.ts'

const SAID = 20 // at each node, before the removal and after

/** Tom at the one, Jerry at the other. */
async function startHouse() {
  const [one, two] = await startTwoNodes()
  const [tom, jerry] = await Promise.all([one.register('tom'), two.register('jerry')])
  const { createGroup } = await tom.request(newGroup, { name: 'House', memberIds: [jerry.id] })
  const groupId = createGroup.group.id
  return { one, two, tom, jerry, groupId, tomAtTwo: two.withToken(tom.accessToken) }
}

needs('redis', 'postgres')('Among two nodes', () => {
  test('who is removed at one hears nothing of what comes after at the other', { timeout }, async () => {
    const { tom, tomAtTwo, jerry, groupId } = await startHouse()
    const ears = [jerry.listen(listenToGroup, { groupId }), jerry.listenOverSse(listenToGroup, { groupId })]
    const inbox = jerry.listen(listenToInbox)
    for (const { ready } of [...ears, inbox]) await ready
    const sayMuch = () =>
      [tom, tomAtTwo].flatMap((here) =>
        Array.from({ length: SAID }, () => here.request(sendToGroup, { input: { groupId, content: 'Woof' } })),
      )

    const before = sayMuch()
    await before[0]
    await Promise.all([...before, tom.request(removeFromGroup, { groupId, username: 'jerry' }), ...sayMuch()])
    // All of that may have come before the removal.
    await tomAtTwo.request(sendToGroup, { input: { groupId, content: 'Woof' } })
    await tom.request(sendDirect, { input: { to: { id: jerry.id }, content: 'Sorry' } })

    for (const ear of ears) await ear.ended
    const heardInInbox: string[] = []
    for (let event = await inbox.next(); event.inbox.message.content !== 'Sorry'; event = await inbox.next()) {
      heardInInbox.push(event.inbox.message.id)
    }
    const history = await wholeHistory(tom, groupId)
    const removal = history.findLastIndex(({ kind }) => kind === 'SYSTEM')
    expect(removal).toBeLessThan(history.length - 1)
    const mayHear = history.slice(0, removal).flatMap(({ id, kind }) => (kind === 'SYSTEM' ? [] : id))
    for (const heard of [
      heardInInbox,
      ...ears.map((ear) => ear.untaken.map((event) => event.groupMessages.message.id)),
    ]) {
      expect(heard.length).toBeGreaterThan(0)
      expect(heard).toEqual(mayHear.slice(0, heard.length))
    }
  })

  test('who is added at one hears at the other what is said at either', { timeout }, async () => {
    const { one, two, tom, tomAtTwo, groupId } = await startHouse()
    const spike = await two.register('spike')
    const inbox = spike.listen(listenToInbox)
    await inbox.ready
    await tom.request(addToGroup, { groupId, username: 'spike' })
    expect((await inbox.next()).inbox.message.kind).toBe('SYSTEM')
    for (const here of [tom, tomAtTwo, one.withToken(spike.accessToken)]) {
      await here.request(sendToGroup, { input: { groupId, content: 'Hello' } })
      expect((await inbox.next()).inbox).toMatchObject({ type: 'CREATED', message: { content: 'Hello' } })
    }
  })

  test('a group that is deleted at one ends its streams at both', { timeout }, async () => {
    const { one, tom, jerry, groupId } = await startHouse()
    const ears = [jerry, one.withToken(jerry.accessToken), tom].map((here) => here.listen(listenToGroup, { groupId }))
    for (const { ready } of ears) await ready
    await tom.request(deleteGroup, { groupId })
    for (const ear of ears) await ear.ended
  })
})
