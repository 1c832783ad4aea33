import { graphql } from '../support/graphql.ts'
import type { Client } from '../support/testkit.ts'
import type { Loot } from './input-values.ts'

const lootAll = graphql(`
  query LootAll {
    viewer { id }
    sessions { id }
    users { edges { cursor node { id } } }
    groups(discover: true) { edges { cursor node { id } } }
    conversations {
      cursor
      edges {
        cursor
        node { id cursor members { edges { cursor } } messages { edges { cursor node { id } } } }
      }
    }
  }
`)

/** Every id and cursor that somebody can come by. */
export async function takeLoot(client: Client) {
  const { sessions, users, groups, conversations } = await client.request(lootAll)
  const within = conversations.edges.map(({ node }) => node)
  const messages = within.flatMap((conversation) => conversation.messages.edges)
  const members = within.flatMap((conversation) => conversation.members.edges)
  const things = [...users.edges, ...groups.edges, ...conversations.edges, ...messages].map(({ node }) => node)
  return {
    ids: [...sessions, ...things].map(({ id }) => id),
    listCursors: [...users.edges, ...groups.edges, ...conversations.edges, ...messages, ...members].map(
      ({ cursor }) => cursor,
    ),
    logCursors: [conversations.cursor, ...within.map(({ cursor }) => cursor)],
  }
}

type Taken = Awaited<ReturnType<typeof takeLoot>>

/** What somebody has who has come by what others have, too. */
export function shareLoot(own: Taken, others: Taken[], names: string[]): Loot {
  const all = [own, ...others]
  const ofAnotherServer = Buffer.from('abcdef012345:7').toString('base64url')
  return {
    ownIds: own.ids,
    othersIds: others.flatMap(({ ids }) => ids),
    listCursors: all.flatMap(({ listCursors }) => listCursors),
    logCursors: [...all.flatMap(({ logCursors }) => logCursors), ofAnotherServer],
    names,
  }
}
