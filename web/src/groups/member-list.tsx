import { useChat } from '../chat.ts'
import type { Done, Group } from './group-dialog.tsx'
import { MemberRow } from './member-row.tsx'

/** Who is in a group. */
export function MemberList({ group, onDone }: { group: Group; onDone: Done }) {
  const { session } = useChat()
  return (
    <section className="people">
      <h3>{group.memberCount === 1 ? '1 member' : `${group.memberCount} members`}</h3>
      <ul>
        {group.members.edges.map(({ node }) => (
          <MemberRow
            key={node.user.id}
            group={group}
            member={node}
            isViewer={node.user.id === session.user.id}
            onDone={onDone}
          />
        ))}
      </ul>
      {group.members.pageInfo.hasNextPage && <p>The first 200 are listed.</p>}
    </section>
  )
}
