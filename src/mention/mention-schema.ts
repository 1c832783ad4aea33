import { Conversation } from '../conversation/conversation-schema.ts'
import { builder } from '../graphql/builder.ts'
import { requireViewer } from '../graphql/context.ts'
import { viewerDependent } from '../graphql/dependence.ts'
import { Message } from '../message/message-type.ts'
import { User } from '../user/user-schema.ts'

builder.objectField(Message, 'mentions', (t) =>
  t.field({
    type: [User],
    description:
      'Whom its text names with `@username`, in any case: who was a member when it was written or edited, 50 at most, in the order of the text.',
    resolve: (message, _args, { mentionLoaders }) => mentionLoaders.users(message),
  }),
)

builder.interfaceField(Conversation, 'mentionCount', (t) =>
  t.int({
    extensions: viewerDependent,
    description: 'The messages of others that the viewer has not read and that mention him.',
    resolve: async (conversation, _args, context) => {
      const member = await context.conversations.requireReadable(requireViewer(context), conversation)
      return context.mentionLoaders.count(member, conversation)
    },
  }),
)
