import { builder } from '../graphql/builder.ts'
import { type Context, requireViewer } from '../graphql/context.ts'
import { decodeId } from '../ids.ts'
import type { Delivery } from '../realtime/delivery.ts'
import type { Subscriber } from '../realtime/subscriber.ts'
import { resolveUserRef, UserRef } from '../user/user-schema.ts'
import type { ListenOptions } from './message-feed.ts'
import { Message } from './message-type.ts'

const MessageEventType = builder.enumType('MessageEventType', {
  description: 'What has happened to a message, seen from the listener’s cursor.',
  values: {
    CREATED: { description: 'It is new.' },
    UPDATED: { description: 'It was known before, and has changed.' },
    DELETED: { description: 'It was known before, and has been deleted.' },
  } as const,
})

const MessageEvent = builder.objectRef<Delivery>('MessageEvent').implement({
  description: 'A change in a conversation’s log. A resumed subscription gets a message’s latest state, once.',
  fields: (t) => ({
    type: t.expose('type', { type: MessageEventType, description: 'What has happened.' }),
    message: t.field({ type: Message, description: 'The message as it is now.', resolve: ({ message }) => message }),
    cursor: t.field({
      type: 'Cursor',
      description: 'Where the log stands with this event: resume `after` it.',
      resolve: ({ place }, _args, { cursors }) => cursors.encode(place),
    }),
  }),
})

const AFTER = 'Resume from this cursor: first everything that was missed, in order, then what comes.'

builder.subscriptionFields((t) => ({
  directMessages: t.field({
    type: MessageEvent,
    description: 'The messages between the viewer and one other user, from both sides. P2P.',
    args: {
      with: t.arg({ type: UserRef, required: true, description: 'The other user.' }),
      after: t.arg({ type: 'Cursor', description: AFTER }),
    },
    subscribe: async (_root, { with: ref, after }, context) => {
      const options = listenOptions(context, after)
      const peer = await resolveUserRef(context, ref, 'with')
      return listening(context, context.messageFeed.listenToDirect(peer.id, options))
    },
    resolve: (event) => event,
  }),
  groupMessages: t.field({
    type: MessageEvent,
    description: 'A group’s messages, members joining and leaving among them. Ends when the viewer is no longer in it.',
    args: {
      groupId: t.arg.id({ required: true, description: 'Which group.' }),
      after: t.arg({ type: 'Cursor', description: AFTER }),
    },
    subscribe: (_root, { groupId, after }, context) =>
      listening(
        context,
        context.messageFeed.listenToGroup(decodeId(groupId, 'Group', 'groupId'), listenOptions(context, after)),
      ),
    resolve: (event) => event,
  }),
  inbox: t.field({
    type: MessageEvent,
    description:
      'Every change in every conversation of the viewer, the ones that he enters later included. Resumed, it begins with what has changed since the cursor in all that he is in by now.',
    args: { after: t.arg({ type: 'Cursor', description: AFTER }) },
    subscribe: (_root, { after }, context) =>
      listening(context, context.messageFeed.listenToInbox(listenOptions(context, after))),
    resolve: (event) => event,
  }),
}))

function listenOptions(context: Context, after: string | null | undefined): ListenOptions {
  return {
    viewer: requireViewer(context),
    after,
    share: context.share,
    line: context.line,
    onTooSlow: () => context.disconnect?.(),
  }
}

/** Tells the transport who listens, so that it can ask whether he still may. */
async function listening(context: Context, beginning: Promise<Subscriber>): Promise<Subscriber> {
  const subscriber = await beginning
  context.listener = subscriber
  return subscriber
}
