import { queryFromInfo } from '@pothos/plugin-prisma'
import { builder } from '../graphql/builder.ts'
import { requireViewer } from '../graphql/context.ts'
import { viewerDependent } from '../graphql/dependence.ts'
import { resolveKeyset } from '../graphql/keyset.ts'
import { User } from '../user/user-schema.ts'
import { memberOrder, membersBetween } from './member-list.ts'
import { findMembers } from './member-search.ts'

export const MemberRole = builder.enumType('MemberRole', {
  description: 'What a member may do. In a direct conversation both are MEMBER.',
  values: {
    OWNER: { description: 'Everything, deleting the group and passing it on included. There is always exactly one.' },
    ADMIN: { description: 'Manages the group: changes it, adds and removes members, deletes messages.' },
    MEMBER: { description: 'Reads and writes.' },
  } as const,
})

export const Member = builder.prismaObject('Member', {
  description: 'A user in a conversation.',
  fields: (t) => ({
    user: t.relation('user', { description: 'Who it is.' }),
    role: t.expose('role', { type: MemberRole, description: 'What he may do.' }),
    joinedAt: t.expose('joinedAt', { type: 'DateTime', description: 'When he came in.' }),
    readSeq: t.exposeInt('readSeq', { description: 'The last message, by `seq`, that he has read.' }),
    deliveredSeq: t.exposeInt('deliveredSeq', {
      description:
        'The last message, by `seq`, that has reached one of his devices: it was written to a live connection of his, or he resumed after it. In groups of more than 100 members, only what he has read counts.',
    }),
  }),
})

// No type here has a `select`, so that a plain row, as messages lead to, answers each simple field as it is.
export const Conversation = builder.prismaInterface('Conversation', {
  name: 'Conversation',
  description: 'A direct conversation or a group: an ordered log of messages and its members.',
  interfaces: [builder.nodeInterfaceRef()],
  resolveType: ({ kind }) => (kind === 'GROUP' ? 'Group' : 'DirectConversation'),
  fields: (t) => ({
    members: t.connection({
      extensions: viewerDependent,
      type: Member,
      description: 'Who is in it, the longest-standing first.',
      args: {
        search: t.arg.string({
          description:
            'Only whose username, or a word of whose display name, begins with this, whatever its case and accents.',
        }),
      },
      resolve: async (conversation, { search, ...page }, context, info) => {
        const { conversations, database, rates } = context
        const viewer = requireViewer(context)
        await conversations.requireReadable(viewer, conversation)
        const { include = null } = queryFromInfo({ context, info, path: ['edges', 'node'] })
        if (search) rates.take('search', viewer.userId)
        return resolveKeyset(page, memberOrder, async (range) => {
          const found = search ? await findMembers(database, conversation.id, search, range) : undefined
          return database.read.member.findMany({ include, ...membersBetween(conversation.id, range, found) })
        })
      },
    }),
    unreadCount: t.int({
      extensions: viewerDependent,
      description: 'The messages of others that the viewer has not read.',
      resolve: (conversation, _args, context) =>
        context.conversations.countUnread(requireViewer(context), conversation),
    }),
    cursor: t.field({
      extensions: viewerDependent,
      type: 'Cursor',
      description:
        'Where the log stands now: query it together with `messages`, subscribe `after` it, and nothing falls between.',
      resolve: async (conversation, _args, context) => {
        await context.conversations.requireReadable(requireViewer(context), conversation)
        return context.cursors.encode(conversation)
      },
    }),
  }),
})

export const DirectConversation = builder.prismaNode('Conversation', {
  variant: 'DirectConversation',
  description: 'Between the viewer and one other user. It comes into being with its first message.',
  interfaces: [Conversation],
  nullable: true,
  id: { resolve: ({ id }) => id },
  findUnique: (id, context) => ({
    id,
    kind: 'DIRECT',
    members: { some: { userId: requireViewer(context).userId } },
  }),
  fields: (t) => ({
    peer: t.field({
      extensions: viewerDependent,
      type: User,
      description: 'The other user.',
      resolve: ({ id }, _args, context) => context.conversations.peer(id, requireViewer(context).userId),
    }),
  }),
})
