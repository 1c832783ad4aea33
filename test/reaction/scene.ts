import { newGroup, sendToGroup } from '../support/messages.ts'
import { startServer } from '../support/testkit.ts'
import { addReaction } from './operations.ts'

/** Tom, Jerry and Spike in a group where Tom has said something, and a stranger. */
export async function reactionScene() {
  const server = await startServer()
  const [tom, jerry, spike, stranger] = await Promise.all([
    server.register('tom'),
    server.register('jerry'),
    server.register('spike'),
    server.register('stranger'),
  ])
  const { createGroup } = await tom.request(newGroup, { name: 'House', memberIds: [jerry.id, spike.id] })
  const groupId = createGroup.group.id
  const say = async (content: string) =>
    (await tom.request(sendToGroup, { input: { groupId, content } })).sendGroupMessage
  const { message, cursor } = await say('Cheese?')
  const react = (who: typeof tom, emoji: string, messageId = message.id) =>
    who.request(addReaction, { messageId, emoji })
  return { server, tom, jerry, spike, stranger, groupId, say, messageId: message.id, cursor, react }
}
