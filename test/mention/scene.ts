import { newGroup } from '../support/messages.ts'
import { startServer, type TestUser } from '../support/testkit.ts'
import { groupMentions, mentionInGroup } from './operations.ts'

/** Tom, Jerry and Spike in a group, and a stranger. */
export async function mentionScene() {
  const server = await startServer()
  const [tom, jerry, spike, stranger] = await Promise.all([
    server.register('tom'),
    server.register('Jerry'),
    server.register('spike.dog'),
    server.register('stranger'),
  ])
  const { createGroup } = await tom.request(newGroup, { name: 'House', memberIds: [jerry.id, spike.id] })
  const { id: groupId, cursor } = createGroup.group
  const say = async (who: TestUser, content: string) =>
    (await who.request(mentionInGroup, { groupId, content })).sendGroupMessage.message
  return { server, tom, jerry, spike, stranger, groupId, cursor, say }
}

export function names({ mentions }: { mentions: { username: string }[] }): string[] {
  return mentions.map(({ username }) => username)
}

export async function mentioned(viewer: TestUser, groupId: string): Promise<number | undefined> {
  return (await viewer.request(groupMentions, { id: groupId })).group?.mentionCount
}
