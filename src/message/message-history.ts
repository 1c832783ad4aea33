import { Conversation } from '../conversation/conversation-schema.ts'
import { builder } from '../graphql/builder.ts'
import { requireViewer } from '../graphql/context.ts'
import { viewerDependent } from '../graphql/dependence.ts'
import { type ListOrder, resolveKeyset } from '../graphql/keyset.ts'
import type { MessageRow } from '../log/change.ts'
import { Message } from './message-type.ts'

const historyOrder: ListOrder<MessageRow> = {
  keyOf: ({ seq }) => `seq:${seq}`,
  pattern: /^seq:(\d{1,10})$/,
}

builder.interfaceFields(Conversation, (t) => ({
  messages: t.connection({
    extensions: viewerDependent,
    type: Message,
    description:
      'Its history, SYSTEM messages included; `last: 50` is the newest. It ends where the log stood when the conversation was read, so that it is stable while new messages arrive.',
    resolve: async (conversation, args, context) => {
      await context.conversations.requireReadable(requireViewer(context), conversation)
      return resolveKeyset(args, historyOrder, ({ after, before, limit, inverted }) =>
        context.reader.history({
          conversationId: conversation.id,
          afterSeq: Number(after?.[0] ?? 0),
          beforeSeq: Math.min(Number(before?.[0] ?? Infinity), conversation.lastSeq + 1),
          limit,
          newestFirst: inverted,
        }),
      )
    },
  }),
  lastMessage: t.field({
    extensions: viewerDependent,
    type: Message,
    nullable: true,
    description: 'Its newest message.',
    resolve: async (conversation, _args, context) => {
      await context.conversations.requireReadable(requireViewer(context), conversation)
      return context.messageLoaders.messageAt(conversation.id, conversation.lastSeq)
    },
  }),
}))
