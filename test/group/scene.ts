import { startServer, type TestUser } from '../support/testkit.ts'
import { addMember, createGroup, groupMembers, groupTalk, setRole } from './operations.ts'

/** A group of an owner, an admin and two members, and somebody who isn't in it. */
export async function groupScene(visibility: 'PUBLIC' | 'PRIVATE' = 'PRIVATE') {
  const server = await startServer()
  const [olga, adam, mia, max, sam] = await Promise.all([
    server.register('olga'),
    server.register('adam'),
    server.register('mia'),
    server.register('max'),
    server.register('sam'),
  ])
  const created = await olga.request(createGroup, { input: { name: 'Chess club', visibility } })
  const groupId = created.createGroup.group.id
  for (const { id } of [adam, mia, max]) await olga.request(addMember, { groupId, user: { id } })
  await olga.request(setRole, { groupId, user: { id: adam.id }, role: 'ADMIN' })
  return { server, owner: olga, admin: adam, member: mia, otherMember: max, stranger: sam, groupId }
}

/** All that is said in a group, as a reader sees it. */
export async function told(reader: TestUser, groupId: string): Promise<string[]> {
  const { group } = await reader.request(groupTalk, { id: groupId })
  return group?.messages.edges.map(({ node }) => `${node.sender.username} ${node.content}`) ?? []
}

/** Who is in a group, as “<who> <role>”. */
export async function roles(reader: TestUser, groupId: string): Promise<string[]> {
  const { group } = await reader.request(groupMembers, { id: groupId })
  return group?.members.edges.map(({ node }) => `${node.user.username} ${node.role}`) ?? []
}
