import { Conversation } from '../conversation/conversation-schema.ts'
import { builder } from '../graphql/builder.ts'
import { requireViewer } from '../graphql/context.ts'
import type { MessageRow } from '../log/change.ts'
import { User } from '../user/user-schema.ts'

export const MessageKind = builder.enumType('MessageKind', {
  description: 'What a message is. SYSTEM messages are the server’s: somebody joined or left, the group was renamed.',
  values: {
    TEXT: { description: 'Words alone.' },
    IMAGE: { description: 'A picture.' },
    VIDEO: { description: 'A film.' },
    AUDIO: { description: 'A sound.' },
    FILE: { description: 'Any other file.' },
    SYSTEM: { description: 'The server’s word on its sender: “joined the group”.' },
  } as const,
})

const MessageStatus = builder.enumType('MessageStatus', {
  description:
    'What has become of a message: DELIVERED and READ once that holds for every other member. In groups of more than 100 members it stays SENT.',
  values: {
    SENT: { description: 'Stored durably.' },
    DELIVERED: { description: 'It has reached every other member.' },
    READ: { description: 'Every other member has read it.' },
  } as const,
})

// Plain rows, loaded by the log's reader: not one query more for a page of messages with their senders.
const MessageRef = builder.objectRef<MessageRow>('Message')

export const Message = builder.node(MessageRef, {
  description: 'A message in a conversation. A deleted one stays, without its content.',
  id: { resolve: ({ id }) => id },
  loadOne: (id, context) => context.messages.find(requireViewer(context), id),
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'createdPosition' in value,
  fields: (t) => ({
    conversation: t.field({
      type: Conversation,
      description: 'Where it was sent.',
      resolve: (message, _args, { messageLoaders }) => messageLoaders.conversation(message),
    }),
    seq: t.exposeInt('seq', { description: '1, 2, 3 … within its conversation, without a gap.' }),
    sender: t.field({
      type: User,
      description: 'Who sent it; whom a SYSTEM message is about.',
      resolve: ({ sender }) => sender,
    }),
    kind: t.expose('kind', { type: MessageKind, description: 'Words, a medium, or the server’s.' }),
    content: t.exposeString('content', { nullable: true, description: 'Its text. Null once deleted.' }),
    mediaUrl: t.expose('mediaUrl', { type: 'URL', nullable: true, description: 'Its medium. Null once deleted.' }),
    replyTo: t.field({
      type: MessageRef,
      nullable: true,
      description: 'The message of the same conversation that it answers.',
      resolve: ({ replyToId }, _args, { messageLoaders }) => (replyToId ? messageLoaders.message(replyToId) : null),
    }),
    status: t.field({
      type: MessageStatus,
      description: 'What has become of it; always SENT in groups of more than 100 members.',
      resolve: async (message, _args, { messageLoaders }) => {
        const marks = await messageLoaders.othersMarks(message)
        if (!marks || marks.deliveredSeq < message.seq) return 'SENT'
        return marks.readSeq < message.seq ? 'DELIVERED' : 'READ'
      },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was stored.' }),
    editedAt: t.expose('editedAt', { type: 'DateTime', nullable: true, description: 'When it was last edited.' }),
    deletedAt: t.expose('deletedAt', { type: 'DateTime', nullable: true, description: 'When it was deleted.' }),
  }),
})
