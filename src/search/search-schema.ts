import { builder } from '../graphql/builder.ts'
import { requireViewer } from '../graphql/context.ts'
import { resolveKeyset } from '../graphql/keyset.ts'
import { searchCost } from '../graphql/operation-cost.ts'
import { rated } from '../graphql/rated-fields.ts'
import { decodeId } from '../ids.ts'
import { Message } from '../message/message-type.ts'
import { type Hit, hitOrder } from './search-service.ts'
import { snippetOf } from './snippet.ts'

const SearchEdge = builder.objectRef<{ cursor: string; node: Hit }>('QuerySearchMessagesConnectionEdge').implement({
  description: 'A message that was found.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: 'This edge’s place in the list.' }),
    node: t.field({ type: Message, description: 'The message.', resolve: ({ node }) => node.message }),
    snippet: t.string({
      description:
        'The part of its text around the first match, plain text in one line of about 160 characters at most. Each match stands in ⟦ and ⟧ (U+27E6, U+27E7), which the text itself never brings along: its own come as [ and ]. An … is where it was cut off.',
      resolve: ({ node: { message, phrases } }) => snippetOf(message.content ?? '', phrases),
    }),
  }),
})

const SearchConnection = builder
  .objectRef<Awaited<ReturnType<typeof resolveKeyset<Hit>>>>('QuerySearchMessagesConnection')
  .implement({
    description: 'A page of a list.',
    fields: (t) => ({
      edges: t.field({
        type: [SearchEdge],
        description: 'This page’s places in the list.',
        resolve: ({ edges }) => edges,
      }),
      pageInfo: t.field({
        type: builder.pageInfoRef(),
        description: 'Where this page lies in the list.',
        resolve: ({ pageInfo }) => pageInfo,
      }),
    }),
  })

builder.queryField('searchMessages', (t) =>
  t.field({
    type: SearchConnection,
    extensions: { ...rated('search'), ...searchCost },
    description:
      'Full-text search over the messages that the viewer may read (in the 1,000 conversations with the latest activity, where he is in more), the best match first, then the newest. Of more than 500 matches (fewer where they are long), the newest 500 come first, in this order, then the next 500. SYSTEM messages and deleted ones are not found.',
    args: {
      query: t.arg.string({
        required: true,
        description:
          'Words that all have to be there, in any order, whatever their case and accents. `"good morning"` is a phrase, `morn*` the beginning of a word, `from:tom` a message of his; of several `from:`, one has to hold. Anything else is plain words; one without a word finds nothing. At most 200 characters.',
      }),
      conversationId: t.arg.id({ description: 'Only in this conversation.' }),
      first: t.arg.int({ description: 'How many from the start (or from `after`): 50 unless told, 200 at most.' }),
      after: t.arg.string({
        description: 'Only what comes after this cursor of an edge. What is sent meanwhile doesn’t come into the list.',
      }),
    },
    resolve: (_root, { query, conversationId, ...page }, context) => {
      const viewer = requireViewer(context)
      const id =
        conversationId != null ? decodeId(conversationId, ['Group', 'DirectConversation'], 'conversationId') : null
      return resolveKeyset(page, hitOrder, (range) => context.search.messages(viewer, query, id, range))
    },
  }),
)
