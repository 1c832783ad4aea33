import { expect, test } from 'vitest'
import { banMember } from '../group/ban-operations.ts'
import { closeAccount, leaveGroup, removeMember } from '../group/operations.ts'
import { editMessage, newGroup, sendToGroup } from '../support/messages.ts'
import type { TestUser } from '../support/testkit.ts'
import { wholeHistory } from '../support/whole-history.ts'
import { INSTALLATIONS } from './installations.ts'

const timeout = 60_000 // ms; the first test starts PostgreSQL
const SENDS = 120

/** How a membership ends, and what the group is told then. */
const ENDINGS: Record<string, (race: { owner: TestUser; mallory: TestUser; groupId: string }) => Promise<unknown>> = {
  'was removed from the group': ({ owner, mallory, groupId }) =>
    owner.request(removeMember, { groupId, user: { id: mallory.id } }),
  'was banned from the group': ({ owner, mallory, groupId }) =>
    owner.request(banMember, { groupId, user: { id: mallory.id } }),
  'left the group': ({ mallory, groupId }) => mallory.request(leaveGroup, { groupId }),
  'left the group, without an account': ({ mallory }) => mallory.request(closeAccount, { password: mallory.password }),
}

for (const [where, { suite, start }] of Object.entries(INSTALLATIONS)) {
  suite(`However much somebody has under way ${where}`, () => {
    test.each(Object.entries(ENDINGS))('nothing of it lands after he %s', { timeout }, async (told, end) => {
      const [here, there] = await start()
      const [owner, mallory] = [await here.register('olga'), await there.register('mallory')]
      const phone = await here.login(mallory)
      const { createGroup } = await owner.request(newGroup, { name: 'The house', memberIds: [mallory.id] })
      const groupId = createGroup.group.id
      const { sendGroupMessage: first } = await mallory.request(sendToGroup, { input: { groupId, content: 'First' } })

      const accepted = new Map<string, number>()
      const refusals: unknown[] = []
      const sends = Array.from({ length: SENDS }, async (_, index) => {
        const device = index % 2 ? mallory : phone
        await device.request(sendToGroup, { input: { groupId, content: `Hm ${index}` } }).then(
          ({ sendGroupMessage: { message } }) => accepted.set(message.id, message.seq),
          ({ code }) => refusals.push(code),
        )
      })
      await Promise.race(sends)
      const ending = end({ owner, mallory, groupId })
      const late = Array.from({ length: SENDS }, (_, index) =>
        phone.request(sendToGroup, { input: { groupId, content: `Late ${index}` } }).then(
          ({ sendGroupMessage: { message } }) => accepted.set(message.id, message.seq),
          ({ code }) => refusals.push(code),
        ),
      )
      const edits = Array.from({ length: 20 }, (_, index) =>
        phone.request(editMessage, { messageId: first.message.id, content: `First, ${index}` }).then(
          ({ editMessage: { message } }) => message.content,
          ({ code }) => refusals.push(code),
        ),
      )
      await Promise.all([...sends, ending, ...late, ...edits])

      const history = await wholeHistory(owner, groupId)
      const departure = history.find(({ content }) => content === told.split(',')[0])?.seq ?? 0
      const his = history.filter(({ content }) => /^(Hm|Late) /.test(content ?? ''))
      expect(departure).toBeGreaterThan(0)
      // What was accepted is what is there, and all of it is before.
      expect(new Map(his.map(({ id, seq }) => [id, seq]))).toEqual(accepted)
      for (const seq of accepted.values()) expect(seq).toBeLessThan(departure)
      for (const code of refusals) expect(['NOT_FOUND', 'UNAUTHENTICATED']).toContain(code)
      await expect(phone.request(sendToGroup, { input: { groupId, content: 'After' } })).rejects.toMatchObject({
        code: expect.stringMatching(/^(NOT_FOUND|UNAUTHENTICATED)$/),
      })
    })
  })
}
