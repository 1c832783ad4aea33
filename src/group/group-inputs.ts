import { MemberRole } from '../conversation/conversation-schema.ts'
import { builder } from '../graphql/builder.ts'
import { UserRef } from '../user/user-schema.ts'
import { GroupVisibility } from './group-schema.ts'

const NAME = '1 to 80 characters.'
const DESCRIPTION = 'At most 1,000 characters.'

export const CreateGroupInput = builder.inputType('CreateGroupInput', {
  description: 'A new group.',
  fields: (t) => ({
    name: t.string({ required: true, description: `What it is called. ${NAME}` }),
    description: t.string({ description: `What it is about. ${DESCRIPTION}` }),
    avatarUrl: t.field({ type: 'URL', description: 'A picture of it.' }),
    visibility: t.field({ type: GroupVisibility, description: 'Who may know of it: PRIVATE unless told.' }),
    memberIds: t.idList({ description: 'The ids of the first members besides the viewer, 200 at most.' }),
  }),
})

export const UpdateGroupInput = builder.inputType('UpdateGroupInput', {
  description: 'New details of a group. What is left out stays as it is.',
  fields: (t) => ({
    groupId: t.id({ required: true, description: 'Which group.' }),
    name: t.string({ description: `What it is called from now on. ${NAME}` }),
    description: t.string({ description: `What it is about; null for nothing. ${DESCRIPTION}` }),
    avatarUrl: t.field({ type: 'URL', description: 'A picture of it; null for none.' }),
    visibility: t.field({ type: GroupVisibility, description: 'Who may know of it from now on.' }),
  }),
})

export const GroupMemberInput = builder.inputType('GroupMemberInput', {
  description: 'A user and a group.',
  fields: (t) => ({
    groupId: t.id({ required: true, description: 'Which group.' }),
    user: t.field({ type: UserRef, required: true, description: 'Which user.' }),
  }),
})

export const SetGroupMemberRoleInput = builder.inputType('SetGroupMemberRoleInput', {
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

export const DeleteGroupInput = groupInput('DeleteGroupInput', 'A group to delete.')
export const JoinGroupInput = groupInput('JoinGroupInput', 'A group to join.')
export const LeaveGroupInput = groupInput('LeaveGroupInput', 'A group to leave.')

function groupInput(name: string, description: string) {
  return builder.inputType(name, {
    description,
    fields: (t) => ({ groupId: t.id({ required: true, description: 'Which group.' }) }),
  })
}
