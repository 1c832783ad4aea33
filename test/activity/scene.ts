import { newGroup, sendDirect, sendToGroup } from '../support/messages.ts'
import { poll } from '../support/patience.ts'
import { startServer, type TestSettings, type TestUser } from '../support/testkit.ts'
import { statusOf } from './operations.ts'

/** A group of three, in which nobody has said anything yet. */
export async function startHouse(settings: TestSettings = {}) {
  const server = await startServer(settings)
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  const spike = await server.register('spike')
  const { createGroup } = await tom.request(newGroup, { name: 'House', memberIds: [jerry.id, spike.id] })
  return { server, tom, jerry, spike, groupId: createGroup.group.id, cursor: createGroup.group.cursor }
}

export async function say(sender: TestUser, groupId: string, content = 'Hello') {
  const { sendGroupMessage } = await sender.request(sendToGroup, { input: { groupId, content } })
  return sendGroupMessage.message
}

export async function write(sender: TestUser, username: string, content = 'Hello') {
  const { sendDirectMessage } = await sender.request(sendDirect, { input: { to: { username }, content } })
  return sendDirectMessage.message
}

export async function status(asker: TestUser, id: string): Promise<string | undefined> {
  const { node } = await asker.request(statusOf, { id })
  return node && 'status' in node ? node.status : undefined
}

/** Resolves once a message has come so far. */
export function becomes(asker: TestUser, id: string, awaited: 'SENT' | 'DELIVERED' | 'READ'): Promise<void> {
  return poll<string | undefined>(() => status(asker, id), awaited)
}
