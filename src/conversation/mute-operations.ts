import type { Conversation as ConversationRow } from '../generated/prisma/client.ts'
import { builder } from '../graphql/builder.ts'
import { requireViewer } from '../graphql/context.ts'
import { viewerDependent } from '../graphql/dependence.ts'
import { decodeId } from '../ids.ts'
import { Conversation } from './conversation-schema.ts'
import { isMuted } from './mute-service.ts'

const MuteConversationInput = builder.inputType('MuteConversationInput', {
  description: 'A conversation to mute.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'Which conversation.' }),
    until: t.field({
      type: 'DateTime',
      description: 'When it is muted no longer; left out or null, for good. One that has passed means not muted.',
    }),
  }),
})

const UnmuteConversationInput = builder.inputType('UnmuteConversationInput', {
  description: 'A conversation to mute no longer.',
  fields: (t) => ({ conversationId: t.id({ required: true, description: 'Which conversation.' }) }),
})

const MutePayload = builder.objectRef<ConversationRow>('MutePayload').implement({
  description: 'What muting a conversation, or no longer, comes to.',
  fields: (t) => ({
    conversation: t.field({
      type: Conversation,
      description: 'The conversation as it is now.',
      resolve: (conversation) => conversation,
    }),
  }),
})

builder.interfaceFields(Conversation, (t) => ({
  muted: t.boolean({
    extensions: viewerDependent,
    description: 'Whether the viewer wants no notice of it now. It is still told live, and counted as unread.',
    resolve: async (conversation, _args, context) =>
      isMuted(await context.conversations.requireReadable(requireViewer(context), conversation)),
  }),
  mutedUntil: t.field({
    extensions: viewerDependent,
    type: 'DateTime',
    nullable: true,
    description: 'When it is muted no longer; null where it is muted for good, or not at all.',
    resolve: async (conversation, _args, context) => {
      const member = await context.conversations.requireReadable(requireViewer(context), conversation)
      return isMuted(member) ? member.mutedUntil : null
    },
  }),
}))

builder.mutationFields((t) => ({
  muteConversation: t.field({
    type: MutePayload,
    description: 'Notes that the viewer wants no notice of a conversation, on any of his devices. Only he sees it.',
    args: { input: t.arg({ type: MuteConversationInput, required: true, description: 'Which, and for how long.' }) },
    resolve: (_root, { input: { conversationId, until } }, context) =>
      context.mutes.mute(requireViewer(context), decodeConversationId(conversationId), until ?? null),
  }),
  unmuteConversation: t.field({
    type: MutePayload,
    description: 'Ends the viewer’s muting of a conversation. One that isn’t muted stays so.',
    args: { input: t.arg({ type: UnmuteConversationInput, required: true, description: 'Which one.' }) },
    resolve: (_root, { input: { conversationId } }, context) =>
      context.mutes.unmute(requireViewer(context), decodeConversationId(conversationId)),
  }),
}))

function decodeConversationId(conversationId: string): string {
  return decodeId(conversationId, ['Group', 'DirectConversation'], 'conversationId')
}
