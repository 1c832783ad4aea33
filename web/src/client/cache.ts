import { type Cache, cacheExchange, type Data, type Entity } from '@urql/exchange-graphcache'
import type { Exchange } from 'urql'
import type {
  ActivitySubscription,
  EditMessageMutationVariables,
  HistoryPageQuery,
  ReactMutationVariables,
} from '../generated/graphql.ts'
import { applyBlock } from './blocks.ts'
import { applyMessage, forgetConversation, linkDirect, listConversation } from './cache-updates.ts'
import { type Conversation, isOutsider, type LiveMessage, type Message, type User } from './fragments.ts'
import { forgetFarFrom } from './history-pages.ts'
import { keepOwnReactions, toggleReaction } from './reactions.ts'
import { forgetSession } from './sessions.ts'
import { applyOwnMark } from './unread-counts.ts'

const RECENT = 500 // messages

interface Viewer {
  id: string
  displayName: string
}

/**
 * The normalised cache. Live events and the answers to mutations change it; no list is asked for again.
 * @param onUnknown hears of a conversation that something has happened in and that no list holds yet
 */
export function createCache(viewer: Viewer, onUnknown: (conversationId: string) => void): Exchange {
  const recent: LiveMessage[] = []
  const directs = new Map<string, string>() // conversations by the other's id
  const arrived = (cache: Cache, message: LiveMessage) => {
    recent.push(message)
    if (recent.length > RECENT) recent.shift()
    if (!applyMessage(cache, message, viewer.id)) onUnknown(message.conversation.id)
  }
  // An answer tells how things stood when the server read them; what has come since is put on top of it.
  const answered = (cache: Cache, node: unknown) => {
    const conversation = node as Partial<Conversation> | null
    if (!conversation?.id) return
    if (conversation.unreadCount !== undefined) listConversation(cache, conversation as Conversation)
    for (const message of recent) {
      if (message.conversation.id === conversation.id) applyMessage(cache, message, viewer.id)
    }
  }

  return cacheExchange({
    possibleTypes: {
      Conversation: ['DirectConversation', 'Group'],
      ConversationActivity: ['DeliveredMark', 'ReadMark', 'Typing'],
      Node: ['DirectConversation', 'Group', 'Message', 'Session', 'User'],
    },
    keys: {
      ConversationMessagesConnectionEdge: nodeId,
      QueryConversationsConnectionEdge: nodeId,
      ...Object.fromEntries(PARTS.map((type) => [type, () => null])),
    },
    updates: {
      Query: {
        node: (result, { id }, cache) => {
          const node = result['node'] as HistoryPageQuery['node']
          if (!node || isOutsider(node)) return forgetConversation(cache, String(id))
          const newest = 'messages' in node ? node.messages.edges.at(-1)?.node : null
          if (newest) forgetFarFrom(cache, node as Entity, newest.seq)
          answered(cache, node)
        },
        nodes: (result, _variables, cache) => {
          for (const node of result['nodes'] as unknown[]) if (!isOutsider(node)) answered(cache, node)
        },
        directConversation: (result, { with: peer }, cache) => {
          if (result['directConversation']) return answered(cache, result['directConversation'])
          // It may have come into being since.
          const { id: peerId } = peer as { id: string }
          const id = directs.get(peerId)
          if (id) linkDirect(cache, peerId, id)
        },
      },
      DirectConversation: {
        peer: (parent, _variables, cache) => {
          const { id, peer } = parent as { id: string; peer: { id: string } }
          directs.set(peer.id, id)
          linkDirect(cache, peer.id, id)
        },
      },
      MessageEvent: {
        // Selected before the message, which is written after it.
        cursor: (event, _variables, cache) => {
          keepOwnReactions(cache, (event as { message: LiveMessage }).message, viewer.id)
        },
      },
      Mutation: {
        sendDirectMessage: (result, _variables, cache) => arrived(cache, sent(result['sendDirectMessage'])),
        sendGroupMessage: (result, _variables, cache) => arrived(cache, sent(result['sendGroupMessage'])),
        blockUser: (result, _variables, cache) => applyBlock(cache, user(result['blockUser']), true),
        unblockUser: (result, _variables, cache) => applyBlock(cache, user(result['unblockUser']), false),
        endSession: (result, _variables, cache) => {
          forgetSession(cache, (result['endSession'] as { endedSessionId: string }).endedSessionId)
        },
        createGroup: (result, _variables, cache) => answered(cache, group(result['createGroup'])),
        joinGroup: (result, _variables, cache) => answered(cache, group(result['joinGroup'])),
        leaveGroup: (result, _variables, cache) => {
          forgetConversation(cache, (result['leaveGroup'] as { leftGroupId: string }).leftGroupId)
        },
        deleteGroup: (result, _variables, cache) => {
          forgetConversation(cache, (result['deleteGroup'] as { deletedGroupId: string }).deletedGroupId)
        },
      },
      Subscription: {
        inbox: (result, _variables, cache) => arrived(cache, (result['inbox'] as { message: LiveMessage }).message),
        conversationActivity: (result, { conversationId }, cache) => {
          const activity = result['conversationActivity'] as ActivitySubscription['conversationActivity']
          if (activity.__typename !== 'ReadMark' || activity.user.id !== viewer.id) return
          const id = String(conversationId)
          const isKnown = applyOwnMark(cache, { __typename: typeOf(cache, id), id }, activity.upToSeq)
          if (!isKnown) onUnknown(id)
        },
      },
    },
    // Not of what pages of history hang on, as a conversation's counts: they would not be asked for meanwhile.
    optimistic: {
      editMessage: ({ input }: EditMessageMutationVariables) =>
        changed({ id: input.messageId, content: input.content, editedAt: new Date().toISOString(), mentions: [] }),
      addReaction: ({ input }: ReactMutationVariables, cache) =>
        changed({ id: input.messageId, reactions: toggleReaction(cache, input, viewer, true) }),
      removeReaction: ({ input }: ReactMutationVariables, cache) =>
        changed({ id: input.messageId, reactions: toggleReaction(cache, input, viewer, false) }),
    },
  })
}

/** Types that belong to what holds them. */
const PARTS = [
  'ConversationMembersConnection',
  'ConversationMembersConnectionEdge',
  'ConversationMessagesConnection',
  'DeliveredMark',
  'GroupBannedUsersConnection',
  'GroupBannedUsersConnectionEdge',
  'Member',
  'MessageEvent',
  'PageInfo',
  'QueryBlockedUsersConnection',
  'QueryBlockedUsersConnectionEdge',
  'QueryConversationsConnection',
  'QueryGroupsConnection',
  'QueryGroupsConnectionEdge',
  'QuerySearchMessagesConnection',
  'QuerySearchMessagesConnectionEdge',
  'QueryUsersConnection',
  'QueryUsersConnectionEdge',
  'Reaction',
  'ReadMark',
  'Typing',
]

function nodeId(edge: Data): string | null {
  const { id } = (edge['node'] ?? {}) as { id?: string }
  return id ?? null
}

function sent(payload: unknown): LiveMessage {
  return (payload as { message: LiveMessage }).message
}

function user(payload: unknown): User {
  return (payload as { user: User }).user
}

function group(payload: unknown): unknown {
  return (payload as { group: unknown }).group
}

function changed(message: Partial<Message>) {
  return { __typename: 'MessagePayload', message: { __typename: 'Message', ...message } }
}

function typeOf(cache: Cache, id: string): string {
  return cache.resolve({ __typename: 'Group', id }, 'id') ? 'Group' : 'DirectConversation'
}
