import { builder } from '../graphql/builder.ts'
import { requireViewer } from '../graphql/context.ts'
import { viewerDependent } from '../graphql/dependence.ts'
import { resolveKeyset } from '../graphql/keyset.ts'
import { notedOrder } from '../user/noted-users.ts'
import { User } from '../user/user-schema.ts'
import { GroupPayload } from './group-operations.ts'
import { Group } from './group-schema.ts'
import { decodeMember, GroupMemberInput } from './member-operations.ts'

builder.mutationFields((t) => ({
  banGroupMember: t.field({
    type: GroupPayload,
    description:
      'Puts a user out of a group, whether or not he is in it, and keeps him out: he can neither join nor be added until he is unbanned. ' +
      'For its owner and admins; an admin is banned by the owner alone. Who is banned already stays so.',
    args: { input: t.arg({ type: GroupMemberInput, required: true, description: 'Whom, and from where.' }) },
    resolve: async (_root, { input }, context) => {
      const { viewer, groupId, userId } = await decodeMember(input, context)
      return context.bans.ban(viewer, groupId, userId)
    },
  }),

  unbanGroupMember: t.field({
    type: GroupPayload,
    description:
      'Lets a banned user join the group or be added to it again. For its owner and admins. Where he isn’t banned, nothing changes.',
    args: { input: t.arg({ type: GroupMemberInput, required: true, description: 'Whom, and where.' }) },
    resolve: async (_root, { input }, context) => {
      const { viewer, groupId, userId } = await decodeMember(input, context)
      return context.bans.unban(viewer, groupId, userId)
    },
  }),
}))

builder.objectField(Group, 'bannedUsers', (t) =>
  t.connection({
    extensions: viewerDependent,
    type: User,
    nullable: true,
    description:
      'Who is banned from it, the longest banned first. Only its owner and admins see it: null to anyone else.',
    resolve: async (group, page, context) => {
      const member = await context.conversations.findMember(requireViewer(context), group.id)
      if (!member || member.role === 'MEMBER') return null
      return resolveKeyset(page, notedOrder, (range) => context.bans.list(group.id, range))
    },
  }),
)
