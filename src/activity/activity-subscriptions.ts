import { builder } from '../graphql/builder.ts'
import { requireViewer } from '../graphql/context.ts'
import { decodeId } from '../ids.ts'
import type { ActivityEvent } from '../realtime/bus.ts'
import { User } from '../user/user-schema.ts'

type EventOf<Type> = Extract<ActivityEvent, { type: Type }>

const Typing = builder.objectRef<EventOf<'typing'>>('Typing').implement({
  description: 'Somebody begins to write a message, still writes it, or has stopped.',
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'Who writes.',
      resolve: ({ userId }, _args, { activityFeed }) => activityFeed.user(userId),
    }),
    typing: t.exposeBoolean('typing', { description: 'False when he has stopped, or sent it.' }),
  }),
})

const ReadMark = builder.objectRef<EventOf<'read'>>('ReadMark').implement({
  description:
    'Somebody has read further. What is read has been delivered: no mark of its own tells of that. Not told in groups of more than 100 members.',
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'Who has read.',
      resolve: ({ userId }, _args, { activityFeed }) => activityFeed.user(userId),
    }),
    upToSeq: t.exposeInt('upToSeq', { description: 'The last message, by `seq`, that he has read.' }),
  }),
})

const DeliveredMark = builder.objectRef<EventOf<'delivered'>>('DeliveredMark').implement({
  description: 'More has reached somebody. Not kept, nor told, in groups of more than 100 members.',
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'Whom it has reached.',
      resolve: ({ userId }, _args, { activityFeed }) => activityFeed.user(userId),
    }),
    upToSeq: t.exposeInt('upToSeq', {
      description: 'The last message, by `seq`, that has reached one of his devices.',
    }),
  }),
})

const TYPE_NAMES = { typing: 'Typing', read: 'ReadMark', delivered: 'DeliveredMark' } as const

const ConversationActivity = builder.unionType('ConversationActivity', {
  description: 'What goes on in a conversation besides its messages.',
  types: [Typing, ReadMark, DeliveredMark],
  resolveType: ({ type }) => TYPE_NAMES[type],
})

builder.subscriptionField('conversationActivity', (t) =>
  t.field({
    type: ConversationActivity,
    description:
      'What is worth showing and not worth keeping: typing of the others, read and delivered marks of all. For members; ends when the viewer is no longer one. Nothing is resumed: `members` tells how the marks stand. Who doesn’t read hears the newest state of each.',
    args: { conversationId: t.arg.id({ required: true, description: 'Which conversation.' }) },
    subscribe: async (_root, { conversationId }, context) => {
      const viewer = requireViewer(context)
      const id = decodeId(conversationId, ['Group', 'DirectConversation'], 'conversationId')
      const listener = await context.activityFeed.listen(viewer, id, context.share)
      context.listener = listener
      return listener
    },
    resolve: (event) => event,
  }),
)
