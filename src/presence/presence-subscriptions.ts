import { builder } from '../graphql/builder.ts'
import { requireViewer } from '../graphql/context.ts'
import { decodeId } from '../ids.ts'
import { User } from '../user/user-schema.ts'

builder.subscriptionField('presence', (t) =>
  t.field({
    type: User,
    description:
      'Each of these users coming online or going; the current state first. ' +
      'Who shares no conversation with the viewer isn’t told of until he does; who shares none any more is told of as offline, once. ' +
      'An absence of a few seconds isn’t told.',
    args: { userIds: t.arg.idList({ required: true, description: 'The ids of the users, 200 at most.' }) },
    subscribe: (_root, { userIds }, context) => {
      const viewer = requireViewer(context)
      return context.presenceFeed.watch(
        viewer,
        userIds.map((id) => decodeId(id, 'User', 'userIds')),
      )
    },
    resolve: (user) => user,
  }),
)
