import { useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { messageOf } from '../client/errors.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { useDebounced } from '../ui/use-debounced.ts'
import { JoinGroup, PublicGroups } from './group-operations.ts'

/** The groups that anybody may join. */
export function PublicGroupList({ onJoined }: { onJoined: (groupId: string) => void }) {
  const [search, setSearch] = useState('')
  const [{ data, fetching, error: fault }] = useQuery({
    query: PublicGroups,
    variables: { search: useDebounced(search.trim()) },
    requestPolicy: 'cache-and-network',
  })
  const [{ error: refusal }, join] = useMutation(JoinGroup)
  const error = refusal ?? (data ? undefined : fault)
  // The viewer's own ones are among them, whatever they are.
  const groups = (data?.groups.edges ?? []).map(({ node }) => node).filter((group) => group.visibility === 'PUBLIC')

  return (
    <div className="people">
      <Field
        label="Find a group"
        type="search"
        placeholder="Name"
        autoFocus
        value={search}
        onChange={({ currentTarget }) => setSearch(currentTarget.value)}
      />
      {error && <p role="alert">{messageOf(error)}</p>}
      <ul>
        {groups.map(({ id, name, description, avatarUrl, memberCount, viewerRole }) => (
          <li key={id} className="person">
            <Avatar name={name} url={avatarUrl} size={32} />
            <span className="person-about">
              <b dir="auto">{name}</b>
              <small dir="auto">
                {memberCount} {memberCount === 1 ? 'member' : 'members'}
                {description && ` · ${description}`}
              </small>
            </span>
            {viewerRole ? (
              <Button kind="plain" onClick={() => onJoined(id)}>
                Open
              </Button>
            ) : (
              <Button
                onClick={() =>
                  void join({ input: { groupId: id } }).then((result) => {
                    if (result.data) onJoined(id)
                  })
                }
              >
                Join
              </Button>
            )}
          </li>
        ))}
      </ul>
      {data?.groups.pageInfo.hasNextPage && <p>There are more: look for one by its name.</p>}
      {!fetching && !error && groups.length === 0 && <p role="status">There is no such group.</p>}
    </div>
  )
}
