import { Conversation } from '../conversation/conversation-schema.ts'
import type { Conversation as ConversationRow } from '../generated/prisma/client.ts'
import { builder } from '../graphql/builder.ts'
import { requireViewer } from '../graphql/context.ts'
import { rated } from '../graphql/rated-fields.ts'
import { decodeId } from '../ids.ts'

const MarkReadInput = builder.inputType('MarkReadInput', {
  description: 'How far the viewer has read.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'In which conversation.' }),
    upToSeq: t.int({ required: true, description: 'The `seq` of the last message that he has read.' }),
  }),
})

const MarkReadPayload = builder.objectRef<ConversationRow>('MarkReadPayload').implement({
  description: 'What marking as read comes to.',
  fields: (t) => ({
    conversation: t.field({
      type: Conversation,
      description: 'The conversation as it is now.',
      resolve: (conversation) => conversation,
    }),
  }),
})

builder.mutationField('markRead', (t) =>
  t.field({
    type: MarkReadPayload,
    extensions: rated(null),
    description:
      'Marks everything up to a message as read. Marks only grow: a lower one changes nothing, and there is none beyond the last message. What is read has been delivered.',
    args: { input: t.arg({ type: MarkReadInput, required: true, description: 'The mark.' }) },
    resolve: (_root, { input: { conversationId, upToSeq } }, context) =>
      context.readMarks.markRead(
        requireViewer(context),
        decodeId(conversationId, ['Group', 'DirectConversation'], 'conversationId'),
        upToSeq,
      ),
  }),
)

const SetTypingInput = builder.inputType('SetTypingInput', {
  description: 'Whether the viewer is writing a message.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'In which conversation.' }),
    typing: t.boolean({ required: true, description: 'False when he has stopped without sending it.' }),
  }),
})

const SetTypingPayload = builder.objectRef<{ ok: boolean }>('SetTypingPayload').implement({
  description: 'What telling of one’s typing comes to.',
  fields: (t) => ({ ok: t.exposeBoolean('ok', { description: 'Always true: a failure is an error.' }) }),
})

builder.mutationField('setTyping', (t) =>
  t.field({
    type: SetTypingPayload,
    extensions: rated(null),
    description:
      'Tells the others who listen to `conversationActivity` that the viewer is writing. Repeat it every few seconds while he writes: it ends by itself some seconds after the last time, and when he sends the message or has no connection any more. Repeated sooner, it lasts longer, and the others hear nothing new; begun once more within a second, it isn’t told.',
    args: { input: t.arg({ type: SetTypingInput, required: true, description: 'Where, and whether.' }) },
    resolve: async (_root, { input: { conversationId, typing } }, context) => {
      const viewer = requireViewer(context)
      const id = decodeId(conversationId, ['Group', 'DirectConversation'], 'conversationId')
      await context.typing.set(viewer, id, typing)
      return { ok: true }
    },
  }),
)
