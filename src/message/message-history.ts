import { Conversation } from '../conversation/conversation-schema.ts'
import { badInput } from '../errors.ts'
import { builder } from '../graphql/builder.ts'
import { requireViewer } from '../graphql/context.ts'
import { viewerDependent } from '../graphql/dependence.ts'
import { type ListOrder, resolveKeyset } from '../graphql/keyset.ts'
import { DEFAULT_PAGE, type PageArgs } from '../graphql/pages.ts'
import { encodeOpaque } from '../ids.ts'
import type { MessageRow } from '../log/change.ts'
import { Message } from './message-type.ts'

const keyOf = ({ seq }: Pick<MessageRow, 'seq'>) => `seq:${seq}`
const historyOrder: ListOrder<MessageRow> = {
  keyOf,
  pattern: /^seq:(\d{1,10})$/,
}

builder.interfaceFields(Conversation, (t) => ({
  messages: t.connection({
    extensions: viewerDependent,
    type: Message,
    description:
      'Its history, SYSTEM messages included; `last: 50` is the newest, `around: seq` what stands about a message. It ends where the log stood when the conversation was read, so that it is stable while new messages arrive.',
    args: {
      around: t.arg.int({
        description:
          'A `seq`: the page has this message in its middle, and `first` messages in all. Near an end, or beyond it, it is the page at that end. Not with `after`, `before` or `last`.',
      }),
    },
    resolve: async (conversation, args, context) => {
      await context.conversations.requireReadable(requireViewer(context), conversation)
      return resolveKeyset(pageAround(args, conversation), historyOrder, ({ after, before, limit, inverted }) =>
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

/**
 * The page around a message as the one after some other: numbers have no gaps.
 * @throws ChatError BAD_USER_INPUT where it is to begin or end elsewhere as well
 */
function pageAround(
  { around, ...args }: PageArgs & { around?: number | null | undefined },
  { lastSeq }: { lastSeq: number },
) {
  if (around == null) return args
  if (args.after != null || args.before != null || args.last != null) {
    throw badInput('around', 'Pass around with first alone: go on from its page with after or before.')
  }
  const size = args.first ?? DEFAULT_PAGE
  const seq = Math.min(around - 1 - Math.floor(size / 2), lastSeq - size)
  return seq > 0 ? { first: size, after: encodeOpaque(keyOf({ seq })) } : { first: size }
}
