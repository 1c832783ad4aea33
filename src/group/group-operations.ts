import type { Conversation } from '../generated/prisma/client.ts'
import { builder } from '../graphql/builder.ts'
import { requireViewer } from '../graphql/context.ts'
import { decodeId, encodeId } from '../ids.ts'
import { Group, GroupVisibility } from './group-schema.ts'

const NAME = '1 to 80 characters.'
const DESCRIPTION = 'At most 1,000 characters.'

const CreateGroupInput = builder.inputType('CreateGroupInput', {
  description: 'A new group.',
  fields: (t) => ({
    name: t.string({ required: true, description: `What it is called. ${NAME}` }),
    description: t.string({ description: `What it is about. ${DESCRIPTION}` }),
    avatarUrl: t.field({ type: 'URL', description: 'A picture of it.' }),
    visibility: t.field({ type: GroupVisibility, description: 'Who may know of it: PRIVATE unless told.' }),
    memberIds: t.idList({ description: 'The ids of the first members besides the viewer, 200 at most.' }),
  }),
})

const UpdateGroupInput = builder.inputType('UpdateGroupInput', {
  description: 'New details of a group. What is left out stays as it is.',
  fields: (t) => ({
    groupId: t.id({ required: true, description: 'Which group.' }),
    name: t.string({ description: `What it is called from now on. ${NAME}` }),
    description: t.string({ description: `What it is about; null for nothing. ${DESCRIPTION}` }),
    avatarUrl: t.field({ type: 'URL', description: 'A picture of it; null for none.' }),
    visibility: t.field({ type: GroupVisibility, description: 'Who may know of it from now on.' }),
  }),
})

const DeleteGroupInput = builder.inputType('DeleteGroupInput', {
  description: 'A group to delete.',
  fields: (t) => ({ groupId: t.id({ required: true, description: 'Which group.' }) }),
})

export const GroupPayload = builder.objectRef<Conversation>('GroupPayload').implement({
  description: 'What a change of a group comes to.',
  fields: (t) => ({
    group: t.field({ type: Group, description: 'The group as it is now.', resolve: (group) => group }),
  }),
})

const DeleteGroupPayload = builder.objectRef<{ deletedGroupId: string }>('DeleteGroupPayload').implement({
  description: 'What deleting a group comes to.',
  fields: (t) => ({ deletedGroupId: t.exposeID('deletedGroupId', { description: 'The id that the group had.' }) }),
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
}))

export function decodeGroupId(groupId: string): string {
  return decodeId(groupId, 'Group', 'groupId')
}
