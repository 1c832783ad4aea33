import type { HistoryUnderLoadQuery } from '../generated/graphql.ts'
import { newGroup } from '../support/messages.ts'
import { insist } from '../support/patience.ts'
import { history, say } from './operations.ts'
import { type Ask, type Person, registerPerson, type Urls } from './person.ts'
import type { Told } from './sender.ts'

const PEOPLE = 8

/** People in one group. */
export interface Crowd {
  readonly people: readonly [Person, ...Person[]]
  readonly groupId: string
  /** Where its log stood when nobody had said anything. */
  readonly cursor: string
  /** Each one's ways of asking: over HTTP, and over a socket. */
  readonly lines: readonly [Ask, ...Ask[]]
  /** Says it until the answer is there. */
  announce(content: string): Promise<Told>
  /** All that the group has said, the server's own words at its beginning left out. */
  readHistory(): Promise<Told[]>
  close(): void
}

/** @param urls of servers that they share out between them */
export async function gatherCrowd(urls: Urls): Promise<Crowd> {
  const names = Array.from({ length: PEOPLE }, (_, index) => `person-${index}`)
  const [owner, ...others] = await Promise.all(names.map((name, index) => registerPerson(rotate(urls, index), name)))
  if (!owner) throw new Error('A crowd needs people.')
  const { createGroup } = await owner.ask(newGroup, { name: 'The crowd', memberIds: others.map(({ id }) => id) })
  const { id: groupId, cursor } = createGroup.group
  const sockets = [owner, ...others].map((person) => person.openSocket())

  return {
    people: [owner, ...others],
    groupId,
    cursor,
    lines: [owner.ask, ...sockets.map(({ ask }) => ask), ...others.map(({ ask }) => ask)],

    async announce(content) {
      const input = { groupId, content, clientId: content }
      return (await insist(() => owner.ask(say, { input }))).sendGroupMessage.message
    },

    async readHistory() {
      const all: Told[] = []
      let after: string | null = null
      do {
        const answer: HistoryUnderLoadQuery = await insist(() => owner.ask(history, { id: groupId, after }))
        if (!answer.group) throw new Error('The group is gone.')
        const { edges, pageInfo } = answer.group.messages
        all.push(...edges.map(({ node }) => node))
        after = pageInfo.hasNextPage ? pageInfo.endCursor : null
      } while (after)
      return all.filter(({ kind }) => kind !== 'SYSTEM')
    },

    close() {
      for (const socket of sockets) socket.close()
    },
  }
}

function rotate(urls: Urls, by: number): Urls {
  const start = by % urls.length
  return [...urls.slice(start), ...urls.slice(0, start)] as unknown as Urls
}
