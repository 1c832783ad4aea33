import { builder } from '../graphql/builder.ts'
import { requireViewer } from '../graphql/context.ts'
import { resolveKeyset } from '../graphql/keyset.ts'
import { decodeId, directConversationId } from '../ids.ts'
import { resolveUserRef, UserRef } from '../user/user-schema.ts'
import { activityOrder } from './conversation-reader.ts'
import { Conversation, DirectConversation } from './conversation-schema.ts'

builder.queryFields((t) => ({
  directConversation: t.field({
    type: DirectConversation,
    nullable: true,
    description: 'The conversation between the viewer and one other user; null before its first message.',
    args: { with: t.arg({ type: UserRef, required: true, description: 'The other user.' }) },
    resolve: async (_root, { with: ref }, context) => {
      const viewer = requireViewer(context)
      const peer = await resolveUserRef(context, ref, 'with')
      return context.conversations.find(viewer, directConversationId(viewer.userId, peer.id))
    },
  }),

  conversations: t.connection(
    {
      type: Conversation,
      description: 'The viewer’s conversations, the latest activity first.',
      resolve: async (_root, args, context) => {
        const viewer = requireViewer(context)
        const cursor = context.cursors.encode({ position: await context.reader.head() })
        const page = await resolveKeyset(args, activityOrder, (range) => context.conversations.list(viewer, range))
        return { ...page, cursor }
      },
    },
    {
      fields: (connection) => ({
        cursor: connection.expose('cursor', {
          type: 'Cursor',
          description:
            'Where the log stood before this list was read: start `inbox` after it, and nothing falls between.',
        }),
      }),
    },
  ),

  canAccess: t.boolean({
    description: 'May this user read this conversation? Only its members may ask.',
    args: {
      conversationId: t.arg.id({ required: true, description: 'Which conversation.' }),
      user: t.arg({ type: UserRef, required: true, description: 'Which user.' }),
    },
    resolve: async (_root, args, context) => {
      const viewer = requireViewer(context)
      const conversationId = decodeId(args.conversationId, ['Group', 'DirectConversation'], 'conversationId')
      const user = await resolveUserRef(context, args.user, 'user')
      return context.conversations.canAccess(viewer, conversationId, user.id)
    },
  }),
}))
