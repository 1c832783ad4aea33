import { Conversation, MemberRole } from '../conversation/conversation-schema.ts'
import { builder } from '../graphql/builder.ts'
import { requireViewer } from '../graphql/context.ts'
import { viewerDependent } from '../graphql/dependence.ts'
import { resolveKeyset } from '../graphql/keyset.ts'
import { rated } from '../graphql/rated-fields.ts'
import { decodeId } from '../ids.ts'
import { User } from '../user/user-schema.ts'
import { findGroups, groupOrder } from './group-directory.ts'
import { groupsKnownTo } from './group-rules.ts'

export const GroupVisibility = builder.enumType('GroupVisibility', {
  description: 'Who may know of a group.',
  values: {
    PUBLIC: { description: 'Everybody can find it and join.' },
    PRIVATE: { description: 'Only its members know that it exists; they add others.' },
  } as const,
})

export const Group = builder.prismaNode('Conversation', {
  variant: 'Group',
  description: 'A conversation of any number of members. What a public one says to others ends with its details.',
  interfaces: [Conversation],
  nullable: true,
  id: { resolve: ({ id }) => id },
  findUnique: (id, context) => ({ id, ...groupsKnownTo(requireViewer(context).userId) }),
  fields: (t) => ({
    name: t.string({ description: 'What it is called.', resolve: ({ name }) => name ?? '' }),
    description: t.exposeString('description', { nullable: true, description: 'What it is about.' }),
    avatarUrl: t.expose('avatarUrl', { type: 'URL', nullable: true, description: 'A picture of it.' }),
    visibility: t.field({
      type: GroupVisibility,
      description: 'Who may know of it.',
      resolve: ({ visibility }) => visibility ?? 'PRIVATE',
    }),
    owner: t.field({
      type: User,
      description: 'Whose it is.',
      resolve: ({ id }, _args, { conversations }) => conversations.owner(id),
    }),
    memberCount: t.int({
      description: 'How many are in it.',
      resolve: ({ id }, _args, { conversations }) => conversations.memberCount(id),
    }),
    viewerRole: t.field({
      extensions: viewerDependent,
      type: MemberRole,
      nullable: true,
      description: 'What the viewer may do in it; null where he isn’t a member.',
      resolve: async ({ id }, _args, context) => {
        const member = await context.conversations.findMember(requireViewer(context), id)
        return member?.role ?? null
      },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
  }),
})

builder.queryFields((t) => ({
  group: t.field({
    type: Group,
    nullable: true,
    description: 'A group that the viewer is in, or a public one.',
    args: { id: t.arg.id({ required: true, description: 'Which group.' }) },
    resolve: (_root, { id }, context) =>
      context.conversations.requireKnownGroup(requireViewer(context), decodeId(id, 'Group', 'id')),
  }),

  groups: t.connection({
    type: Group,
    extensions: rated('search'),
    description: 'The viewer’s groups and, with `discover`, the public ones that he could join. The oldest first.',
    args: {
      discover: t.arg.boolean({ description: 'Whether to list the public ones as well.' }),
      search: t.arg.string({ description: 'Only those whose name holds this, whatever its case and accents.' }),
    },
    resolve: (_root, { discover, search, ...page }, context) => {
      const { userId } = requireViewer(context)
      const wanted = { userId, discover: discover ?? false, search: search ?? '' }
      return resolveKeyset(page, groupOrder, async (range) =>
        context.database.read.conversation.findMany({
          where: { id: { in: await findGroups(context.database, wanted, range) } },
          orderBy: { id: range.inverted ? 'desc' : 'asc' },
        }),
      )
    },
  }),
}))
