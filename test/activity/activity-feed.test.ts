import { describe, expect, test, vi } from 'vitest'
import { markRead } from '../conversation/operations.ts'
import { addMember, deleteGroup, removeMember } from '../group/operations.ts'
import { listenToInbox } from '../support/messages.ts'
import { hear, listenToActivity, setTyping, told } from './operations.ts'
import { say, startHouse, write } from './scene.ts'

describe('The activity of a conversation', () => {
  test.each([{ sharedExecution: true }, { sharedExecution: false }])(
    'is told as it happens, on sockets and over SSE: %o',
    async (how) => {
      const { tom, jerry, spike, groupId: conversationId } = await startHouse(how)
      const inbox = jerry.listen(listenToInbox, {})
      const ears = [
        tom.listen(listenToActivity, { conversationId }),
        spike.listen(listenToActivity, { conversationId }),
        spike.listenOverSse(listenToActivity, { conversationId }),
      ]
      await Promise.all([inbox, ...ears].map(({ ready }) => ready))

      await jerry.request(setTyping, { conversationId, typing: true })
      const { seq } = await say(tom, conversationId)
      for (const ear of ears) {
        expect(await hear(ear)).toBe('jerry typing true')
        expect(await hear(ear)).toBe(`jerry delivered ${seq}`)
      }
      await jerry.request(markRead, { conversationId, upToSeq: seq })
      await jerry.request(markRead, { conversationId, upToSeq: seq })
      await spike.request(markRead, { conversationId, upToSeq: seq })
      for (const ear of ears) {
        expect(await hear(ear)).toBe(`jerry read ${seq}`)
        expect(await hear(ear)).toBe(`spike read ${seq}`)
      }
    },
  )

  test('of a direct conversation is for its two sides', async () => {
    const { tom, jerry, spike } = await startHouse()
    const { conversation, seq } = await write(tom, 'jerry')
    const ear = tom.listen(listenToActivity, { conversationId: conversation.id })
    await ear.ready

    await jerry.request(markRead, { conversationId: conversation.id, upToSeq: seq })
    expect(await hear(ear)).toBe('jerry read 1')
    const strangers = spike.listen(listenToActivity, { conversationId: conversation.id })
    await expect(strangers.next()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('is for members', async () => {
    const { server, tom, groupId: conversationId } = await startHouse()
    const stranger = await server.register('stranger')

    const listen = (who: Pick<typeof tom, 'listen'>, id: string) =>
      who.listen(listenToActivity, { conversationId: id }).next()
    await expect(listen(stranger, conversationId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(listen(server.anonymous, conversationId)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    await expect(listen(tom, tom.id)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'conversationId' })
    expect(server.app.census().busChannels, 'nothing is left of them').toBe(1)
  })

  test('ends for who is removed, and for all with the group', async () => {
    const { server, tom, jerry, spike, groupId } = await startHouse()
    const [toms, jerrys, spikes] = [tom, jerry, spike].map((user) =>
      user.listen(listenToActivity, { conversationId: groupId }),
    )
    await Promise.all([toms?.ready, jerrys?.ready, spikes?.ready])

    await tom.request(removeMember, { groupId, user: { username: 'jerry' } })
    await jerrys?.ended
    await tom.request(markRead, { conversationId: groupId, upToSeq: 1 })
    await spike.request(setTyping, { conversationId: groupId, typing: true })
    if (toms) expect(await hear(toms)).toBe('spike typing true')
    expect(jerrys?.untaken.map(told)).toEqual([])
    await tom.request(addMember, { groupId, user: { username: 'jerry' } })
    await tom.request(deleteGroup, { groupId })
    await Promise.all([toms?.ended, spikes?.ended])
    await vi.waitFor(() => expect(server.app.census().busChannels).toBe(1))
  })
})
