import { builder } from '../graphql/builder.ts'
import { requireViewer } from '../graphql/context.ts'
import { rated } from '../graphql/rated-fields.ts'
import { decodeId } from '../ids.ts'
import type { MessageRow } from '../log/change.ts'
import { resolveUserRef, UserRef } from '../user/user-schema.ts'
import type { MessageInput } from './message-content.ts'
import { Message, MessageKind } from './message-type.ts'

const SendDirectMessageInput = builder.inputType('SendDirectMessageInput', {
  description: 'A message to one other user.',
  fields: (t) => ({ to: t.field({ type: UserRef, required: true, description: 'To whom.' }), ...contentFields(t) }),
})

const SendGroupMessageInput = builder.inputType('SendGroupMessageInput', {
  description: 'A message to a group that the viewer is in.',
  fields: (t) => ({ groupId: t.id({ required: true, description: 'To which group.' }), ...contentFields(t) }),
})

function contentFields(t: PothosSchemaTypes.InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>) {
  return {
    content: t.string({ description: 'At most 4,000 characters; it may be empty where there is a `mediaUrl`.' }),
    mediaUrl: t.field({ type: 'URL', description: 'A medium to show, wherever it lies.' }),
    kind: t.field({
      type: MessageKind,
      description: 'Where it is left out, it follows from the media URL’s file ending.',
    }),
    replyToId: t.id({ description: 'The message of the same conversation that this one answers.' }),
    clientId: t.string({
      description:
        'The sender’s own key for this message, a UUID say: sending again with the same one returns the message that the first attempt made, so a client may retry until it gets an answer.',
    }),
  }
}

const EditMessageInput = builder.inputType('EditMessageInput', {
  description: 'Another content for a message of one’s own.',
  fields: (t) => ({
    messageId: t.id({ required: true, description: 'Which message.' }),
    content: t.string({ required: true, description: 'What it says from now on.' }),
  }),
})

const DeleteMessageInput = builder.inputType('DeleteMessageInput', {
  description: 'A message to delete.',
  fields: (t) => ({ messageId: t.id({ required: true, description: 'Which message.' }) }),
})

const SendMessagePayload = messagePayload('SendMessagePayload', 'What was sent.')
export const MessagePayload = messagePayload('MessagePayload', 'A message as it is now.')

function messagePayload(name: string, description: string) {
  return builder.objectRef<MessageRow>(name).implement({
    description,
    fields: (t) => ({
      message: t.field({ type: Message, description: 'The message.', resolve: (message) => message }),
      cursor: t.field({
        type: 'Cursor',
        description: 'Its latest change’s place in the log.',
        resolve: ({ position }, _args, { cursors }) => cursors.encode({ position }),
      }),
    }),
  })
}

builder.mutationFields((t) => ({
  sendDirectMessage: t.field({
    type: SendMessagePayload,
    extensions: rated('send'),
    description: 'Sends a message to one other user. The first one brings their conversation into being.',
    args: { input: t.arg({ type: SendDirectMessageInput, required: true, description: 'The message.' }) },
    resolve: async (_root, { input: { to, ...input } }, context) => {
      const viewer = requireViewer(context)
      const peer = await resolveUserRef(context, to, 'to')
      return context.messages.sendDirect(viewer, peer.id, decodeReplyTo(input))
    },
  }),
  sendGroupMessage: t.field({
    type: SendMessagePayload,
    extensions: rated('send'),
    description: 'Sends a message to a group.',
    args: { input: t.arg({ type: SendGroupMessageInput, required: true, description: 'The message.' }) },
    resolve: (_root, { input: { groupId, ...input } }, context) =>
      context.messages.sendToGroup(requireViewer(context), decodeId(groupId, 'Group', 'groupId'), decodeReplyTo(input)),
  }),
  editMessage: t.field({
    type: MessagePayload,
    description: 'Changes what a message of one’s own says.',
    args: { input: t.arg({ type: EditMessageInput, required: true, description: 'The change.' }) },
    resolve: (_root, { input: { messageId, content } }, context) =>
      context.messages.edit(requireViewer(context), decodeId(messageId, 'Message', 'messageId'), content),
  }),
  deleteMessage: t.field({
    type: MessagePayload,
    description: 'Deletes a message of one’s own, or anyone’s in a group that one manages. A tombstone stays.',
    args: { input: t.arg({ type: DeleteMessageInput, required: true, description: 'Which one.' }) },
    resolve: (_root, { input: { messageId } }, context) =>
      context.messages.delete(requireViewer(context), decodeId(messageId, 'Message', 'messageId')),
  }),
}))

function decodeReplyTo(input: MessageInput): MessageInput {
  return { ...input, replyToId: input.replyToId != null ? decodeId(input.replyToId, 'Message', 'replyToId') : null }
}
