import type { Request } from './api.ts'
import { harmless } from './harmless.ts'
import { findDirect, findGroups, findUser, listConversations, type PlacedMessage } from './operations.ts'

export interface Person {
  id: string
  username: string
  displayName: string
}

/** A conversation to write to. A direct one has no id before its first message. */
export type Place = { kind: 'direct'; id: string | null; peer: Person } | { kind: 'group'; id: string; name: string }

/** No such conversation: the message says what there is. */
export class PlaceError extends Error {}

/** `@jerry` or `#house`, as it is written to come here. */
export function placeName(place: Place): string {
  return place.kind === 'direct' ? `@${harmless(place.peer.username)}` : `#${harmless(place.name)}`
}

/**
 * @param name `@username`, `#group name`, or a conversation's id
 * @throws PlaceError, ApiError
 */
export async function findPlace(request: Request, name: string): Promise<Place> {
  if (name.startsWith('@')) return findPeer(request, name.slice(1))
  if (name.startsWith('#')) return findGroup(request, name.slice(1))
  const known = (await listPlaces(request)).find(({ place }) => place.id === name)
  if (known) return known.place
  throw new PlaceError(`There is no conversation ${name}: write @username, or #group in quotes.`)
}

async function findPeer(request: Request, username: string): Promise<Place> {
  const { user: peer } = await request(findUser, { username })
  if (!peer) throw new PlaceError(`There is no user @${username}.`)
  return { kind: 'direct', id: await findDirectId(request, peer.id), peer }
}

/** Null before the first message. */
async function findDirectId(request: Request, peerId: string): Promise<string | null> {
  return (await request(findDirect, { peerId })).directConversation?.id ?? null
}

async function findGroup(request: Request, name: string): Promise<Place> {
  const { groups } = await request(findGroups, { search: name })
  const same = groups.edges.map(({ node }) => node).filter((group) => group.name.toLowerCase() === name.toLowerCase())
  const own = same.filter(({ viewerRole }) => viewerRole !== null)
  const [group, ...others] = own
  if (others.length > 0) {
    throw new PlaceError(
      `You are in ${own.length} groups called #${name}: take the id, ${own.map(({ id }) => id).join(' or ')}.`,
    )
  }
  if (group) return { kind: 'group', id: group.id, name: group.name }
  throw new PlaceError(same.length > 0 ? `You are not in #${name}.` : `You are in no group #${name}.`)
}

/** A conversation, and what the list of them says about it. */
export interface ListedPlace {
  place: Place
  unread: number
  last: { createdAt: string; content: string | null; sender: { displayName: string } } | null
}

/** The fifty with the latest activity. @throws ApiError */
export async function listPlaces(request: Request): Promise<ListedPlace[]> {
  const { conversations } = await request(listConversations)
  return conversations.edges.map(({ node }) => ({
    place:
      node.__typename === 'Group'
        ? { kind: 'group', id: node.id, name: node.name }
        : { kind: 'direct', id: node.id, peer: node.peer },
    unread: node.unreadCount,
    last: node.lastMessage,
  }))
}

/** Whether a message belongs to a place, which learns its id from its first one. */
export async function isOfPlace(request: Request, place: Place, { conversation }: PlacedMessage): Promise<boolean> {
  if (place.kind === 'direct' && place.id === null && conversation.__typename === 'DirectConversation') {
    place.id = await findDirectId(request, place.peer.id)
  }
  return place.id === conversation.id
}
