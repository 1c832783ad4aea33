import { MemberRole } from '../conversation/conversation-schema.ts'
import { builder } from '../graphql/builder.ts'
import { type Context, requireViewer } from '../graphql/context.ts'
import { encodeId } from '../ids.ts'
import { resolveUserRef, UserRef } from '../user/user-schema.ts'
import { decodeGroupId, GroupPayload } from './group-operations.ts'

export const GroupMemberInput = builder.inputType('GroupMemberInput', {
  description: 'A user and a group.',
  fields: (t) => ({
    groupId: t.id({ required: true, description: 'Which group.' }),
    user: t.field({ type: UserRef, required: true, description: 'Which user.' }),
  }),
})

const SetGroupMemberRoleInput = builder.inputType('SetGroupMemberRoleInput', {
  description: 'Another role for a member.',
  fields: (t) => ({
    groupId: t.id({ required: true, description: 'Which group.' }),
    user: t.field({ type: UserRef, required: true, description: 'Which member.' }),
    role: t.field({
      type: MemberRole,
      required: true,
      description: 'ADMIN or MEMBER. A new OWNER comes with `transferGroupOwnership`.',
    }),
  }),
})

const JoinGroupInput = builder.inputType('JoinGroupInput', {
  description: 'A group to join.',
  fields: (t) => ({ groupId: t.id({ required: true, description: 'Which group.' }) }),
})

const LeaveGroupInput = builder.inputType('LeaveGroupInput', {
  description: 'A group to leave.',
  fields: (t) => ({ groupId: t.id({ required: true, description: 'Which group.' }) }),
})

const LeaveGroupPayload = builder.objectRef<{ leftGroupId: string }>('LeaveGroupPayload').implement({
  description: 'What leaving a group comes to.',
  fields: (t) => ({ leftGroupId: t.exposeID('leftGroupId', { description: 'The group’s id.' }) }),
})

builder.mutationFields((t) => ({
  addGroupMember: t.field({
    type: GroupPayload,
    description: 'Adds a user to a group. For its owner and admins.',
    args: { input: t.arg({ type: GroupMemberInput, required: true, description: 'Whom, and where.' }) },
    resolve: async (_root, { input }, context) => {
      const { viewer, groupId, userId } = await decodeMember(input, context)
      return context.groupMembers.add(viewer, groupId, userId)
    },
  }),
  removeGroupMember: t.field({
    type: GroupPayload,
    description: 'Removes a member from a group. For its owner and admins; an admin is removed by the owner alone.',
    args: { input: t.arg({ type: GroupMemberInput, required: true, description: 'Whom, and where.' }) },
    resolve: async (_root, { input }, context) => {
      const { viewer, groupId, userId } = await decodeMember(input, context)
      return context.groupMembers.remove(viewer, groupId, userId)
    },
  }),
  setGroupMemberRole: t.field({
    type: GroupPayload,
    description: 'Makes a member an admin, or an admin a member. For the group’s owner.',
    args: { input: t.arg({ type: SetGroupMemberRoleInput, required: true, description: 'Whose role, and which.' }) },
    resolve: async (_root, { input }, context) => {
      const { viewer, groupId, userId } = await decodeMember(input, context)
      return context.groupMembers.setRole(viewer, groupId, userId, input.role)
    },
  }),
  transferGroupOwnership: t.field({
    type: GroupPayload,
    description: 'Makes another member the owner. The old one becomes an admin.',
    args: { input: t.arg({ type: GroupMemberInput, required: true, description: 'The successor, and where.' }) },
    resolve: async (_root, { input }, context) => {
      const { viewer, groupId, userId } = await decodeMember(input, context)
      return context.groupMembers.transferOwnership(viewer, groupId, userId)
    },
  }),
  joinGroup: t.field({
    type: GroupPayload,
    description: 'Makes the viewer a member of a public group. Who is in already stays in.',
    args: { input: t.arg({ type: JoinGroupInput, required: true, description: 'Which group.' }) },
    resolve: (_root, { input }, context) =>
      context.groupMembers.join(requireViewer(context), decodeGroupId(input.groupId)),
  }),
  leaveGroup: t.field({
    type: LeaveGroupPayload,
    description: 'Ends the viewer’s membership. The owner passes the group on first, or deletes it.',
    args: { input: t.arg({ type: LeaveGroupInput, required: true, description: 'Which group.' }) },
    resolve: async (_root, { input }, context) => {
      const groupId = decodeGroupId(input.groupId)
      await context.groupMembers.leave(requireViewer(context), groupId)
      return { leftGroupId: encodeId('Group', groupId) }
    },
  }),
}))

export async function decodeMember(
  input: Pick<typeof GroupMemberInput.$inferInput, 'groupId' | 'user'>,
  context: Context,
) {
  const viewer = requireViewer(context)
  const groupId = decodeGroupId(input.groupId)
  const { id: userId } = await resolveUserRef(context, input.user, 'user')
  return { viewer, groupId, userId }
}
