import SchemaBuilder from '@pothos/core'
import PrismaPlugin from '@pothos/plugin-prisma'
import RelayPlugin from '@pothos/plugin-relay'
import { badInput } from '../errors.ts'
import type PrismaTypes from '../generated/pothos.ts'
import { getDatamodel } from '../generated/pothos.ts'
import { decodeAnyId, encodeId, type NodeType } from '../ids.ts'
import type { Context } from './context.ts'
import { DEFAULT_PAGE, LARGEST_PAGE } from './pages.ts'
import { cursorScalar, dateTimeScalar, urlScalar } from './scalars.ts'

/** The code-first schema: each feature's `x-schema.ts` adds its types and operations. */
export const builder = new SchemaBuilder<{
  PrismaTypes: PrismaTypes
  Context: Context
  DefaultFieldNullability: false
  DefaultEdgesNullability: { list: false; items: false }
  Scalars: {
    ID: { Input: string; Output: string }
    DateTime: { Input: Date; Output: Date }
    URL: { Input: string; Output: string }
    Cursor: { Input: string; Output: string }
  }
}>({
  plugins: [PrismaPlugin, RelayPlugin],
  defaultFieldNullability: false,
  prisma: {
    client: ({ database }) => database.read,
    dmmf: getDatamodel(),
    defaultConnectionSize: DEFAULT_PAGE,
    maxConnectionSize: LARGEST_PAGE,
    onUnusedQuery: 'warn',
  },
  relay: {
    encodeGlobalID: (type, id) => encodeId(type as NodeType, String(id)),
    // What isn't an id of ours stands for nothing that there is.
    decodeGlobalID: (globalId) => {
      const { type, id } = decodeAnyId(globalId) ?? { type: 'User', id: '' }
      return { typename: type, id }
    },
    nodeTypeOptions: { description: 'What has an id of its own.' },
    nodeQueryOptions: {
      description: 'What an id stands for; null where the viewer may not see it.',
      args: { id: { description: 'Any id.' } },
    },
    nodesQueryOptions: {
      description: 'What each of these ids stands for, in their order; null where the viewer may not see it.',
      args: { ids: { description: `Any ids, ${LARGEST_PAGE} at most.` } },
      resolve: (_root, { ids }, _context, _info, resolveNodes) => {
        if (ids.length > LARGEST_PAGE) throw badInput('ids', `Ask for at most ${LARGEST_PAGE} ids at once.`)
        return resolveNodes(ids)
      },
    },
    pageInfoTypeOptions: { description: 'Where a page lies in its list.' },
    hasNextPageFieldOptions: { description: 'Whether there is more after this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether there is more before this page.' },
    startCursorFieldOptions: { description: 'Pass it as `before` for the page before this one.' },
    endCursorFieldOptions: { description: 'Pass it as `after` for the page after this one.' },
    firstArgOptions: {
      description: `How many from the start (or from \`after\`): ${DEFAULT_PAGE} unless told, ${LARGEST_PAGE} at most.`,
    },
    lastArgOptions: { description: `How many from the end (or from \`before\`), ${LARGEST_PAGE} at most.` },
    afterArgOptions: { description: 'Only what comes after this cursor of an edge.' },
    beforeArgOptions: { description: 'Only what comes before this cursor of an edge.' },
    idFieldOptions: { description: 'Opaque, and unique over all types.' },
    cursorFieldOptions: { description: 'This edge’s place in the list.' },
    nodeFieldOptions: { description: 'What stands at this place.', nullable: false },
    edgesFieldOptions: { description: 'This page’s places in the list.', nullable: { list: false, items: false } },
    pageInfoFieldOptions: { description: 'Where this page lies in the list.' },
    defaultConnectionTypeOptions: { description: 'A page of a list.' },
    defaultEdgeTypeOptions: { description: 'A place in a list.' },
  },
})

builder.addScalarType('DateTime', dateTimeScalar)
builder.addScalarType('URL', urlScalar)
builder.addScalarType('Cursor', cursorScalar)

builder.queryType({ description: 'What can be asked.' })
builder.mutationType({ description: 'What can be changed. An answer means that the change is durable.' })
builder.subscriptionType({ description: 'What can be listened to, over WebSocket or SSE.' })
