import type { Request } from './api.ts'
import type { OpenConversation } from './conversation.ts'
import {
  addReaction,
  deleteMessage,
  editMessage,
  listMembers,
  removeReaction,
  type ShownMessage,
} from './operations.ts'
import { findPlace, listPlaces, type Place, placeName } from './place.ts'
import { renderName, renderPreview } from './render.ts'
import { bold, dim, inColourOf } from './style.ts'

/** What commands do their work with. */
export interface CommandContext {
  request: Request
  userId: string
  /** What the list showed last, by which `/switch 2` goes. */
  listed: Place[]
  print(text: string): void
  current(): OpenConversation
  switchTo(place: Place): Promise<void>
  send(content: string, replyToId: string | null): void
  leave(): void
  signOut(): Promise<void>
}

interface CommandDefinition {
  usage: string
  about: string
  run(context: CommandContext, words: string): unknown
}

const definitions: CommandDefinition[] = [
  { usage: '/help', about: 'this list', run: ({ print }) => print(help()) },
  { usage: '/conversations', about: 'your conversations, the latest first', run: printConversations },
  { usage: '/switch <@user, #group or number>', about: 'to another conversation', run: switchConversation },
  { usage: '/more', about: 'earlier messages', run: ({ current }) => current().loadOlder() },
  { usage: '/reply <message> <text>', about: 'answers a message', run: reply },
  { usage: '/react <message> <emoji>', about: 'adds your reaction, or takes it back with -👍', run: react },
  { usage: '/edit <message> <text>', about: 'changes a message of yours', run: edit },
  { usage: '/delete <message>', about: 'deletes a message', run: remove },
  { usage: '/who', about: 'who is here', run: printMembers },
  { usage: '/logout', about: 'leaves, and forgets the session', run: ({ signOut }) => signOut() },
  { usage: '/quit', about: 'leaves', run: ({ leave }) => leave() },
]

/**
 * Runs a line that begins with a slash. Two of them begin a message.
 * @throws Error with what to write instead, ApiError
 */
export async function runCommand(context: CommandContext, line: string): Promise<void> {
  const [, name = '', words = ''] = /^(\/\S*)\s*(.*)$/s.exec(line) ?? []
  const fitting = definitions.filter(({ usage }) => usage.split(' ')[0]?.startsWith(name))
  const [definition, other] = fitting
  if (name.length < 2 || !definition) throw new Error(`There is no ${name}: /help lists what there is.`)
  if (other) throw new Error(`${name} could be ${fitting.map(({ usage }) => usage.split(' ')[0]).join(' or ')}.`)
  await definition.run(context, words.trim())
}

function help(): string {
  const width = Math.max(...definitions.map(({ usage }) => usage.length))
  const lines = definitions.map(({ usage, about }) => `  ${usage.padEnd(width)}  ${dim(about)}`)
  return [
    ...lines,
    dim('  A <message> is the number before it, or . for the newest. Commands may be cut short: /rep . Yes.'),
    dim('  A message that begins with a slash is written with two.'),
  ].join('\n')
}

async function printConversations(context: CommandContext) {
  const places = await listPlaces(context.request)
  context.listed = places.map(({ place }) => place)
  context.print(renderPlaces(places))
}

/** The list of conversations, with the numbers that they can be chosen by. */
export function renderPlaces(places: Awaited<ReturnType<typeof listPlaces>>): string {
  if (places.length === 0) return dim('No conversations yet: write to somebody as @username.')
  return places
    .map(({ place, unread, last }, index) => {
      const count = unread > 0 ? ` ${bold(`(${unread} unread)`)}` : ''
      return `${dim(String(index + 1).padStart(5))} ${placeName(place)}${count} ${last ? dim(renderPreview(last)) : ''}`
    })
    .join('\n')
}

async function switchConversation({ request, listed, switchTo }: CommandContext, name: string) {
  if (name === '') throw new Error('Where to? /switch @user, #group, or a number of /conversations.')
  await switchTo(listed[Number(name) - 1] ?? (await findPlace(request, name)))
}

function reply({ current, send }: CommandContext, words: string) {
  const { reference, rest } = split(words, '/reply <message> <text>')
  send(rest, current().find(reference).id)
}

async function react({ request, current }: CommandContext, words: string) {
  const { reference, rest } = split(words, '/react <message> <emoji>')
  const messageId = current().find(reference).id
  if (rest.startsWith('-')) await request(removeReaction, { messageId, emoji: rest.slice(1) })
  else await request(addReaction, { messageId, emoji: rest })
}

async function edit(context: CommandContext, words: string) {
  const { reference, rest } = split(words, '/edit <message> <text>')
  const messageId = context.current().find(reference, isOwn(context)).id
  await context.request(editMessage, { messageId, content: rest })
}

async function remove(context: CommandContext, reference: string) {
  const messageId = context.current().find(reference, isOwn(context)).id
  await context.request(deleteMessage, { messageId })
}

function isOwn({ userId }: CommandContext) {
  return ({ sender, deletedAt, kind }: ShownMessage) => sender.id === userId && !deletedAt && kind !== 'SYSTEM'
}

function split(words: string, usage: string): { reference: string; rest: string } {
  const [, reference, rest] = /^(\S+)\s+(.+)$/s.exec(words) ?? []
  if (!reference || !rest) throw new Error(`Write ${usage}`)
  return { reference, rest }
}

async function printMembers({ request, current, print }: CommandContext) {
  const { place } = current()
  if (place.id === null) throw new Error(`Nothing has been written to ${placeName(place)} yet.`)
  const { node } = await request(listMembers, { id: place.id })
  if (!node || !('members' in node)) throw new Error(`You are no longer in ${placeName(place)}.`)
  const lines = node.members.edges.map(({ node: { user, role } }) => {
    const state = user.online ? 'online' : user.lastSeenAt ? `last seen ${user.lastSeenAt.slice(0, 16)}Z` : 'offline'
    const rank = role === 'MEMBER' ? '' : `, ${role.toLowerCase()}`
    return `      ${inColourOf(user.username, renderName(user))} ${dim(state + rank)}`
  })
  print([...lines, ...(node.members.pageInfo.hasNextPage ? [dim('      … and more')] : [])].join('\n'))
}
