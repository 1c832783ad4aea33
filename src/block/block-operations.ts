import type { User as UserRow } from '../generated/prisma/client.ts'
import { builder } from '../graphql/builder.ts'
import { requireViewer } from '../graphql/context.ts'
import { resolveKeyset } from '../graphql/keyset.ts'
import { notedOrder } from '../user/noted-users.ts'
import { resolveUserRef, User, UserRef } from '../user/user-schema.ts'

const BlockInput = builder.inputType('BlockInput', {
  description: 'Whom to block, or to block no longer.',
  fields: (t) => ({ user: t.field({ type: UserRef, required: true, description: 'Which user.' }) }),
})

const BlockPayload = builder.objectRef<{ user: UserRow }>('BlockPayload').implement({
  description: 'What blocking comes to.',
  fields: (t) => ({ user: t.field({ type: User, description: 'The other user.', resolve: ({ user }) => user }) }),
})

builder.mutationFields((t) => ({
  blockUser: t.field({
    type: BlockPayload,
    description:
      'From now on neither of the two can write to the other, react in their conversation or add him to a group: each gets NOT_FOUND, as if the other didn’t exist. ' +
      'Neither sees whether the other is online. What they have written stays readable, groups that both are in go on, ' +
      'and users can still be looked up. Nobody is told. Who is blocked already stays so.',
    args: { input: t.arg({ type: BlockInput, required: true, description: 'Whom.' }) },
    resolve: async (_root, { input }, context) => {
      const viewer = requireViewer(context)
      const user = await resolveUserRef(context, input.user, 'user')
      await context.blocks.block(viewer, user.id)
      return { user }
    },
  }),

  unblockUser: t.field({
    type: BlockPayload,
    description: 'Takes the viewer’s block of a user back. Where there is none, nothing changes.',
    args: { input: t.arg({ type: BlockInput, required: true, description: 'Whom.' }) },
    resolve: async (_root, { input }, context) => {
      const viewer = requireViewer(context)
      const user = await resolveUserRef(context, input.user, 'user')
      await context.blocks.unblock(viewer, user.id)
      return { user }
    },
  }),
}))

builder.queryField('blockedUsers', (t) =>
  t.connection({
    type: User,
    description: 'Whom the viewer has blocked, the longest blocked first.',
    resolve: (_root, page, context) => {
      const viewer = requireViewer(context)
      return resolveKeyset(page, notedOrder, (range) => context.blocks.list(viewer, range))
    },
  }),
)
