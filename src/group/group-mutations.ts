import type { Conversation } from '../generated/prisma/client.ts'
import { builder } from '../graphql/builder.ts'
import { type Context, requireViewer } from '../graphql/context.ts'
import { decodeId, encodeId } from '../ids.ts'
import { resolveUserRef } from '../user/user-schema.ts'
import {
  CreateGroupInput,
  DeleteGroupInput,
  GroupMemberInput,
  JoinGroupInput,
  LeaveGroupInput,
  SetGroupMemberRoleInput,
  UpdateGroupInput,
} from './group-inputs.ts'
import { Group } from './group-schema.ts'

const GroupPayload = builder.objectRef<Conversation>('GroupPayload').implement({
  description: 'What a change of a group comes to.',
  fields: (t) => ({
    group: t.field({ type: Group, description: 'The group as it is now.', resolve: (group) => group }),
  }),
})

const DeleteGroupPayload = builder.objectRef<{ deletedGroupId: string }>('DeleteGroupPayload').implement({
  description: 'What deleting a group comes to.',
  fields: (t) => ({ deletedGroupId: t.exposeID('deletedGroupId', { description: 'The id that the group had.' }) }),
})

const LeaveGroupPayload = builder.objectRef<{ leftGroupId: string }>('LeaveGroupPayload').implement({
  description: 'What leaving a group comes to.',
  fields: (t) => ({ leftGroupId: t.exposeID('leftGroupId', { description: 'The group’s id.' }) }),
})

builder.mutationFields((t) => ({
  createGroup: t.field({
    type: GroupPayload,
    description: 'Creates a group, which the viewer owns.',
    args: { input: t.arg({ type: CreateGroupInput, required: true, description: 'The group.' }) },
    resolve: (_root, { input: { memberIds, ...details } }, context) =>
      context.groups.create(requireViewer(context), {
        ...details,
        memberIds: (memberIds ?? []).map((id) => decodeId(id, 'User', 'memberIds')),
      }),
  }),
  updateGroup: t.field({
    type: GroupPayload,
    description: 'Changes a group’s details. For its owner and admins.',
    args: { input: t.arg({ type: UpdateGroupInput, required: true, description: 'What to change.' }) },
    resolve: (_root, { input: { groupId, ...details } }, context) =>
      context.groups.update(requireViewer(context), decodeGroupId(groupId), details),
  }),
  deleteGroup: t.field({
    type: DeleteGroupPayload,
    description: 'Deletes a group with all that was written in it. For its owner.',
    args: { input: t.arg({ type: DeleteGroupInput, required: true, description: 'Which group.' }) },
    resolve: async (_root, { input }, context) => {
      const groupId = decodeGroupId(input.groupId)
      await context.groups.delete(requireViewer(context), groupId)
      return { deletedGroupId: encodeId('Group', groupId) }
    },
  }),
  addGroupMember: t.field({
    type: GroupPayload,
    description: 'Adds a user to a group. For its owner and admins.',
    args: { input: t.arg({ type: GroupMemberInput, required: true, description: 'Whom, and where.' }) },
    resolve: async (_root, { input }, context) => {
      const { viewer, groupId, userId } = await decodeMember(input, context)
      return context.groups.addMember(viewer, groupId, userId)
    },
  }),
  removeGroupMember: t.field({
    type: GroupPayload,
    description: 'Removes a member from a group. For its owner and admins; an admin is removed by the owner alone.',
    args: { input: t.arg({ type: GroupMemberInput, required: true, description: 'Whom, and where.' }) },
    resolve: async (_root, { input }, context) => {
      const { viewer, groupId, userId } = await decodeMember(input, context)
      return context.groups.removeMember(viewer, groupId, userId)
    },
  }),
  setGroupMemberRole: t.field({
    type: GroupPayload,
    description: 'Makes a member an admin, or an admin a member. For the group’s owner.',
    args: { input: t.arg({ type: SetGroupMemberRoleInput, required: true, description: 'Whose role, and which.' }) },
    resolve: async (_root, { input }, context) => {
      const { viewer, groupId, userId } = await decodeMember(input, context)
      return context.groups.setMemberRole(viewer, groupId, userId, input.role)
    },
  }),
  transferGroupOwnership: t.field({
    type: GroupPayload,
    description: 'Makes another member the owner. The old one becomes an admin.',
    args: { input: t.arg({ type: GroupMemberInput, required: true, description: 'The successor, and where.' }) },
    resolve: async (_root, { input }, context) => {
      const { viewer, groupId, userId } = await decodeMember(input, context)
      return context.groups.transferOwnership(viewer, groupId, userId)
    },
  }),
  joinGroup: t.field({
    type: GroupPayload,
    description: 'Makes the viewer a member of a public group. Who is in already stays in.',
    args: { input: t.arg({ type: JoinGroupInput, required: true, description: 'Which group.' }) },
    resolve: (_root, { input }, context) =>
      context.groups.join(requireViewer(context), decodeGroupId(input.groupId)),
  }),
  leaveGroup: t.field({
    type: LeaveGroupPayload,
    description: 'Ends the viewer’s membership. The owner passes the group on first, or deletes it.',
    args: { input: t.arg({ type: LeaveGroupInput, required: true, description: 'Which group.' }) },
    resolve: async (_root, { input }, context) => {
      const groupId = decodeGroupId(input.groupId)
      await context.groups.leave(requireViewer(context), groupId)
      return { leftGroupId: encodeId('Group', groupId) }
    },
  }),
}))

function decodeGroupId(groupId: string): string {
  return decodeId(groupId, 'Group', 'groupId')
}

async function decodeMember(input: Pick<typeof GroupMemberInput.$inferInput, 'groupId' | 'user'>, context: Context) {
  const viewer = requireViewer(context)
  const groupId = decodeGroupId(input.groupId)
  const { id: userId } = await resolveUserRef(context, input.user, 'user')
  return { viewer, groupId, userId }
}
