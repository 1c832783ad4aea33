import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { decodeAnyId, newId } from '../../src/ids.ts'
import { addToGroup, deleteMessage, newGroup, removeFromGroup, sendDirect, sendToGroup } from '../support/messages.ts'
import { type Client, startServer, type TestServer } from '../support/testkit.ts'
import { updateProfile } from '../user/operations.ts'
import type { Loot } from './input-values.ts'
import { shareLoot, takeLoot } from './loot.ts'

/** Somebody who tries everything, on whom nothing may be bestowed that isn't his. */
export interface Attacker {
  client: Client
  username: string
  /** Of the group that is his own. */
  groupId: string
  loot: Loot
  /** Signs him in once more. */
  newToken(): Promise<string>
}

/** A server with people on it. */
export interface World {
  server: TestServer
  /** Unguessable: what nobody else may see whatever he does, and what is for members of a public group. */
  secrets: { always: string; membersOnly: string }
  /** With a group, friends and messages of his own; and removed from a group that he was in. */
  newAttacker(): Promise<Attacker>
  /** Something is said everywhere, also to the attacker. @returns what he is told last */
  talk(attacker: Attacker): Promise<string>
  /** What the server has taken for its own fault since this was last asked. */
  faults(): string[]
}

/** What is asked for here is dense and full of aliases, and should come to be executed. */
const beyondTheDoor = { tokens: 20_000, aliases: 5_000, selections: 5_000, cost: Infinity }

export async function openWorld(): Promise<World> {
  const logged: string[] = []
  const logger = pino({ level: 'error' }, { write: (line) => logged.push(line) })
  const server = await startServer({ limits: beyondTheDoor }, logger)
  const { database, sessions } = server.app.services
  const secrets = { always: `secret-${randomUUID()}`, membersOnly: `members-${randomUUID()}` }
  const say = (content: string) => ({ content, mediaUrl: `https://example.com/${content}.png` })

  const [anna, bert, carl, mallory] = await Promise.all([
    server.register('anna'),
    server.register('bert'),
    server.register('carl'),
    server.register('mallory'),
  ])
  for (const { id, username, request } of [anna, bert, carl]) {
    await request(updateProfile, { input: { email: `${username}@${secrets.always}.example` } })
    await sessions.open(secrets.always, async () => rawId(id))
  }
  const { createGroup: hidden } = await anna.request(newGroup, { name: secrets.always, memberIds: [bert.id] })
  const { createGroup: open } = await anna.request(newGroup, { name: 'Open to all', visibility: 'PUBLIC' })

  async function talkAmongThemselves() {
    await anna.request(sendToGroup, { input: { groupId: hidden.group.id, ...say(secrets.always) } })
    await anna.request(sendToGroup, { input: { groupId: open.group.id, ...say(secrets.membersOnly) } })
    await anna.request(sendDirect, { input: { to: { id: bert.id }, ...say(secrets.always) } })
  }
  await talkAmongThemselves()

  // Hashing is slow: all attackers have mallory's password, whose account holds nothing.
  const { hash } = await database.read.password.findUniqueOrThrow({ where: { userId: rawId(mallory.id) } })
  let attackers = 0

  async function newAttacker(): Promise<Attacker> {
    const username = `attacker${attackers++}`
    const id = newId()
    const { accessToken, refreshToken } = await sessions.open('His', async (tx) => {
      const names = { username, usernameKey: username, displayName: username }
      await tx.user.create({ data: { id, ...names, createdAt: new Date(), password: { create: { hash } } } })
      return id
    })
    const client = server.withToken(accessToken)

    const { createGroup: own } = await client.request(newGroup, { name: 'His own', memberIds: [carl.id] })
    const groupId = own.group.id
    await client.request(sendToGroup, { input: { groupId, content: 'Hello' } })
    await client.request(sendDirect, { input: { to: { username: 'carl' }, content: 'Hello' } })
    const { sendGroupMessage } = await carl.request(sendToGroup, { input: { groupId, ...say(secrets.always) } })
    await carl.request(deleteMessage, { messageId: sendGroupMessage.message.id })

    const { createGroup: former } = await bert.request(newGroup, { name: 'Theirs by now' })
    await bert.request(addToGroup, { groupId: former.group.id, username })
    await bert.request(removeFromGroup, { groupId: former.group.id, username })
    await bert.request(sendToGroup, { input: { groupId: former.group.id, ...say(secrets.always) } })

    const others = await Promise.all([anna, bert, carl].map(takeLoot))
    const names = [username, 'anna', 'CARL', 'nobody', mallory.password, refreshToken]
    const newToken = async () => (await sessions.open('His', async () => id)).accessToken
    return { client, username, groupId, newToken, loot: shareLoot(await takeLoot(client), others, names) }
  }

  return {
    server,
    secrets,
    newAttacker,
    async talk({ username, groupId }) {
      await talkAmongThemselves()
      const content = `For his ears: ${randomUUID()}`
      await carl.request(sendToGroup, { input: { groupId, content } })
      for (const { request } of [anna, bert, carl]) await request(sendDirect, { input: { to: { username }, content } })
      return content
    },
    faults: () => logged.splice(0),
  }
}

function rawId(id: string): string {
  return decodeAnyId(id)?.id ?? ''
}
