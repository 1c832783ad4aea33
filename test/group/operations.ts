import { graphql } from '../support/graphql.ts'

/** What everybody who may know of a group sees. */
export const groupDetails = graphql(`
  fragment GroupDetails on Group {
    id name description avatarUrl visibility memberCount viewerRole createdAt owner { username }
  }
`)

export const groupById = graphql(`query GroupById($id: ID!) { group(id: $id) { ...GroupDetails } }`)

export const groupNode = graphql(`query GroupNode($id: ID!) { node(id: $id) { __typename id ...GroupDetails } }`)

/** All that is said in a group, as “<who> <what>”: see `told` of scene.ts. */
export const groupTalk = graphql(`
  query GroupTalk($id: ID!) {
    group(id: $id) { messages(last: 200) { edges { node { kind content sender { username } } } } }
  }
`)

export const groupMembers = graphql(`
  query GroupMembers($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    group(id: $id) {
      members(first: $first, after: $after, last: $last, before: $before) {
        edges { cursor node { role joinedAt readSeq deliveredSeq user { username } } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
  }
`)

export const listGroups = graphql(`
  query ListGroups($discover: Boolean, $search: String, $first: Int, $after: String, $last: Int, $before: String) {
    groups(discover: $discover, search: $search, first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { ...GroupDetails } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`)

export const createGroup = graphql(`
  mutation CreateGroup($input: CreateGroupInput!) { createGroup(input: $input) { group { ...GroupDetails } } }
`)

export const updateGroup = graphql(`
  mutation UpdateGroup($input: UpdateGroupInput!) { updateGroup(input: $input) { group { ...GroupDetails } } }
`)

export const deleteGroup = graphql(`
  mutation DeleteGroup($groupId: ID!) { deleteGroup(input: { groupId: $groupId }) { deletedGroupId } }
`)

export const addMember = graphql(`
  mutation AddMember($groupId: ID!, $user: UserRef!) {
    addGroupMember(input: { groupId: $groupId, user: $user }) { group { ...GroupDetails } }
  }
`)

export const removeMember = graphql(`
  mutation RemoveMember($groupId: ID!, $user: UserRef!) {
    removeGroupMember(input: { groupId: $groupId, user: $user }) { group { ...GroupDetails } }
  }
`)

export const setRole = graphql(`
  mutation SetRole($groupId: ID!, $user: UserRef!, $role: MemberRole!) {
    setGroupMemberRole(input: { groupId: $groupId, user: $user, role: $role }) { group { ...GroupDetails } }
  }
`)

export const transferOwnership = graphql(`
  mutation TransferOwnership($groupId: ID!, $user: UserRef!) {
    transferGroupOwnership(input: { groupId: $groupId, user: $user }) { group { ...GroupDetails } }
  }
`)

export const joinGroup = graphql(`
  mutation JoinGroup($groupId: ID!) { joinGroup(input: { groupId: $groupId }) { group { ...GroupDetails } } }
`)

export const leaveGroup = graphql(`
  mutation LeaveGroup($groupId: ID!) { leaveGroup(input: { groupId: $groupId }) { leftGroupId } }
`)

export const closeAccount = graphql(`
  mutation CloseAccount($password: String!) { deleteAccount(input: { password: $password }) { ok } }
`)
