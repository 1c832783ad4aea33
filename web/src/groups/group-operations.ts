import '../client/fragments.ts'
import { graphql } from '../client/graphql.ts'

export const AboutGroup = graphql(`
  fragment AboutGroup on Group {
    ...ConversationParts
    description
    visibility
    members(first: 200) { edges { node { role user { ...UserParts } } } pageInfo { hasNextPage } }
    bannedUsers(first: 100) { edges { node { ...UserParts } } }
  }
`)

export const GroupById = graphql(`
  query GroupById($id: ID!) { group(id: $id) { ...AboutGroup } }
`)

export const PublicGroups = graphql(`
  query PublicGroups($search: String!) {
    groups(discover: true, search: $search, first: 50) {
      edges { node { __typename id name description avatarUrl visibility memberCount viewerRole } }
      pageInfo { hasNextPage }
    }
  }
`)

export const CreateGroup = graphql(`
  mutation CreateGroup($input: CreateGroupInput!) { createGroup(input: $input) { group { ...AboutGroup } } }
`)

export const UpdateGroup = graphql(`
  mutation UpdateGroup($input: UpdateGroupInput!) { updateGroup(input: $input) { group { ...AboutGroup } } }
`)

export const JoinGroup = graphql(`
  mutation JoinGroup($input: JoinGroupInput!) { joinGroup(input: $input) { group { ...AboutGroup } } }
`)

export const LeaveGroup = graphql(`
  mutation LeaveGroup($input: LeaveGroupInput!) { leaveGroup(input: $input) { leftGroupId } }
`)

export const DeleteGroup = graphql(`
  mutation DeleteGroup($input: DeleteGroupInput!) { deleteGroup(input: $input) { deletedGroupId } }
`)

export const AddMember = graphql(`
  mutation AddMember($input: GroupMemberInput!) { addGroupMember(input: $input) { group { ...AboutGroup } } }
`)

export const RemoveMember = graphql(`
  mutation RemoveMember($input: GroupMemberInput!) { removeGroupMember(input: $input) { group { ...AboutGroup } } }
`)

export const BanMember = graphql(`
  mutation BanMember($input: GroupMemberInput!) { banGroupMember(input: $input) { group { ...AboutGroup } } }
`)

export const UnbanMember = graphql(`
  mutation UnbanMember($input: GroupMemberInput!) { unbanGroupMember(input: $input) { group { ...AboutGroup } } }
`)

export const SetRole = graphql(`
  mutation SetRole($input: SetGroupMemberRoleInput!) { setGroupMemberRole(input: $input) { group { ...AboutGroup } } }
`)

export const TransferGroup = graphql(`
  mutation TransferGroup($input: GroupMemberInput!) {
    transferGroupOwnership(input: $input) { group { ...AboutGroup } }
  }
`)
