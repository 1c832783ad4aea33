import { builder } from '../graphql/builder.ts'
import { requireViewer } from '../graphql/context.ts'
import { viewerDependent } from '../graphql/dependence.ts'
import { checkPage, DEFAULT_PAGE, LARGEST_PAGE } from '../graphql/pages.ts'
import { decodeId } from '../ids.ts'
import { MessagePayload } from '../message/message-schema.ts'
import { Message } from '../message/message-type.ts'
import { User } from '../user/user-schema.ts'
import type { ReactionGroup } from './reaction-loaders.ts'

const Reaction = builder.objectRef<ReactionGroup>('Reaction').implement({
  description: 'What several people have said to a message with one emoji.',
  fields: (t) => ({
    emoji: t.exposeString('emoji', { description: 'One emoji, fully qualified as Unicode has it.' }),
    count: t.exposeInt('count', { description: 'How many people have left it.' }),
    users: t.field({
      type: [User],
      description: 'Who has left it, the first ones first.',
      args: {
        first: t.arg.int({ description: `How many of them: ${DEFAULT_PAGE} unless told, ${LARGEST_PAGE} at most.` }),
      },
      resolve: (reaction, args, { reactionLoaders }) =>
        reactionLoaders.users(reaction, checkPage(args).first ?? DEFAULT_PAGE),
    }),
    viewerHasReacted: t.boolean({
      extensions: viewerDependent,
      description: 'Whether the viewer is one of them.',
      resolve: (reaction, _args, context) =>
        context.reactionLoaders.hasReacted(reaction, requireViewer(context).userId),
    }),
  }),
})

builder.objectField(Message, 'reactions', (t) =>
  t.field({
    type: [Reaction],
    description: 'What people have said to it with emoji, the first one first. None once it is deleted.',
    resolve: (message, _args, { reactionLoaders }) => reactionLoaders.groups(message),
  }),
)

const ReactionInput = builder.inputType('ReactionInput', {
  description: 'An emoji for a message of a conversation that the viewer is in.',
  fields: (t) => ({
    messageId: t.id({ required: true, description: 'Which message. Not a deleted one, and none of the server’s.' }),
    emoji: t.string({ required: true, description: 'Any one emoji that Unicode recommends for general use.' }),
  }),
})

builder.mutationFields((t) => ({
  addReaction: t.field({
    type: MessagePayload,
    description:
      'Leaves an emoji on a message; where it is already, nothing changes. One person can leave 10 different ones, all together 50.',
    args: { input: t.arg({ type: ReactionInput, required: true, description: 'What to leave where.' }) },
    resolve: (_root, { input: { messageId, emoji } }, context) =>
      context.reactions.add(requireViewer(context), decodeId(messageId, 'Message', 'messageId'), emoji),
  }),
  removeReaction: t.field({
    type: MessagePayload,
    description: 'Takes an emoji of the viewer’s own back; where there is none, nothing changes.',
    args: { input: t.arg({ type: ReactionInput, required: true, description: 'What to take back from where.' }) },
    resolve: (_root, { input: { messageId, emoji } }, context) =>
      context.reactions.remove(requireViewer(context), decodeId(messageId, 'Message', 'messageId'), emoji),
  }),
}))
