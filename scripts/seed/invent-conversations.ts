import { directConversationId } from '../../src/ids.ts'
import type { Draw } from './chances.ts'
import type { Person } from './invent-people.ts'

const PEOPLE_TO_A_GROUP = 8 // one group for so many people
const PEERS = 1.5 // direct conversations for each of the people
const OF_DEMO_USERS = 6 // direct conversations, and groups, of each demo user
const LARGEST_PART = 0.5 // of all people, in the largest group

const TOPICS =
  'Garden Kitchen Release Football Choir Lunch Books Hiking Design Support Data Parents Chess Travel Music Films'
const KINDS = ['club', 'team', 'crew', '2026', 'news', 'planning', 'friends', 'talk']

/** A conversation to be, and how much is said in it. */
export interface InventedConversation {
  kind: 'DIRECT' | 'GROUP'
  name: string | null
  visibility: 'PUBLIC' | 'PRIVATE' | null
  /** The likeliest to write come first; a group's first one owns it. */
  members: Person[]
  /** By its members, those of the server left out. */
  messages: number
}

/**
 * A few large groups and many small ones, and people who write to each other: in most conversations little is said, in
 * a few much. A direct one in which nothing is said isn't there.
 * @param given the demo users are in some of them, and in one with each other; `present` are the ids of direct ones that
 * there are already
 */
export function inventConversations(
  draw: Draw,
  given: { people: Person[]; demoUsers: Person[]; messages: number; present: Iterable<string> },
): InventedConversation[] {
  const { people, demoUsers, messages, present } = given
  const everybody = [...demoUsers, ...people]
  const weighted: { weight: number; conversation: InventedConversation }[] = []
  const pairs = new Set(present)

  function addDirect(one: Person, other: Person, weight = draw.pareto(1.2)) {
    const key = directConversationId(one.id, other.id)
    if (one.id === other.id || pairs.has(key)) return
    pairs.add(key)
    const conversation = { kind: 'DIRECT', name: null, visibility: null, members: [one, other], messages: 0 } as const
    weighted.push({ weight, conversation: { ...conversation, members: [one, other] } })
  }

  function addGroup(size: number, first: Person[]) {
    const members = new Set(first)
    while (members.size < Math.min(size, everybody.length)) members.add(draw.pick(everybody))
    const name = `${draw.pick(TOPICS.split(' '))} ${draw.pick(KINDS)}`
    const visibility = draw.next() < 0.3 ? 'PUBLIC' : 'PRIVATE'
    const conversation = { kind: 'GROUP', name, visibility, members: [...members], messages: 0 } as const
    weighted.push({
      weight: Math.sqrt(members.size) * draw.pareto(1.2),
      conversation: { ...conversation, members: [...members] },
    })
  }

  const [tom, jerry] = demoUsers
  if (tom && jerry) addDirect(tom, jerry, 5)
  const largest = Math.max(3, Math.floor(everybody.length * LARGEST_PART))
  const groups = Math.ceil(everybody.length / PEOPLE_TO_A_GROUP)
  for (let group = 0; group < groups; group++) {
    const size = group === 0 ? largest : Math.min(largest, Math.floor(3 * draw.pareto(1.1)))
    addGroup(size, group < OF_DEMO_USERS ? demoUsers : [])
  }
  for (const user of demoUsers) for (let peer = 0; peer < OF_DEMO_USERS; peer++) addDirect(draw.pick(everybody), user)
  for (let pair = 0; pair < everybody.length * PEERS; pair++) addDirect(draw.pick(everybody), draw.pick(everybody))

  share(messages, weighted)
  return weighted
    .map(({ conversation }) => conversation)
    .filter((conversation) => conversation.kind === 'GROUP' || conversation.messages > 0)
}

/** Gives each its part by its weight; what rounding leaves goes to the first. */
function share(messages: number, weighted: { weight: number; conversation: InventedConversation }[]): void {
  const sum = weighted.reduce((total, { weight }) => total + weight, 0)
  let left = messages
  for (const { weight, conversation } of weighted) {
    conversation.messages = Math.floor((messages * weight) / sum)
    left -= conversation.messages
  }
  for (let index = 0; left > 0; index = (index + 1) % weighted.length, left--) {
    const conversation = weighted[index]?.conversation
    if (conversation) conversation.messages++
  }
}
