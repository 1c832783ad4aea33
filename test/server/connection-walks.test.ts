import fc from 'fast-check'
import { isInterfaceType, isObjectType } from 'graphql'
import { expect, test } from 'vitest'
import { blockUser } from '../block/operations.ts'
import { type ConnectionField, connectionFields } from '../graphql/connection-fields.ts'
import { banMember } from '../group/ban-operations.ts'
import { newGroup, sendDirect, sendToGroup } from '../support/messages.ts'
import { startServer, type TestUser } from '../support/testkit.ts'

interface Page {
  edges: { cursor: string; node: unknown }[]
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null }
}

type PageArguments = Partial<Record<'first' | 'last', number> & Record<'after' | 'before', string | null>>

const CROWD = 6 // people, and what each list has at least, but a direct conversation's two members
const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 })

/** Somebody for whom every list has something in it. */
async function openWorld() {
  const server = await startServer()
  const anna = await server.register('anna')
  const crowd = await Promise.all(Array.from({ length: CROWD }, (_, index) => server.register(`user${index}`)))
  const memberIds = crowd.map(({ id }) => id)
  const { createGroup } = await anna.request(newGroup, { name: 'All', memberIds })
  const { createGroup: banning } = await anna.request(newGroup, { name: 'None', memberIds })
  const groupId = createGroup.group.id
  for (let index = 0; index < CROWD; index++) {
    await anna.request(newGroup, { name: `Group ${index}` })
    await anna.request(sendToGroup, { input: { groupId, content: `Cheese ${index}` } })
    await anna.request(sendDirect, { input: { to: { username: 'user0' }, content: `Cheese ${index}` } })
  }
  for (const { id } of crowd) {
    await anna.request(banMember, { groupId: banning.group.id, user: { id } })
    await anna.request(blockUser, { user: { id } })
  }
  return { anna, groupId, banningId: banning.group.id }
}

type World = Awaited<ReturnType<typeof openWorld>>

/** Where the field stands in a query, around it. */
function placeOf({ owner, field }: ConnectionField, { groupId, banningId }: World): (text: string) => string {
  if (owner.name === 'Query') return (text) => `{ ${text} }`
  if (owner.name === 'DirectConversation') {
    return (text) => `{ at: directConversation(with: { username: "user0" }) { ${text} } }`
  }
  return (text) => `{ at: group(id: "${field.name === 'bannedUsers' ? banningId : groupId}") { ${text} } }`
}

/** Asks for pages of one list. */
function reader(connection: ConnectionField, world: World) {
  const { field, node } = connection
  const hasId = (isObjectType(node) || isInterfaceType(node)) && 'id' in node.getFields()
  const around = placeOf(connection, world)
  const required = field.name === 'searchMessages' ? ['query: "cheese"'] : []

  return async (args: PageArguments): Promise<Page> => {
    const given = Object.entries(args).filter(([, value]) => value !== null)
    const list = [...required, ...given.map(([name, value]) => `${name}: ${JSON.stringify(value)}`)].join(' ')
    const query = around(`list: ${field.name}(${list}) {
      edges { cursor node { ${hasId ? 'id' : 'user { id }'} } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }`)
    const { data, errors } = await answerTo(world.anna, query)
    expect(errors).toBeUndefined()
    return (data?.at ?? data)?.list as Page
  }
}

async function answerTo({ post }: TestUser, query: string) {
  const response = await post({ query })
  return (await response.json()) as { data?: { at?: { list: unknown }; list: unknown }; errors?: unknown }
}

/** All pages in this direction, put together in the list's own order, whichever way they were read. */
async function walk(read: (args: PageArguments) => Promise<Page>, isForwards: boolean, pages: readonly number[]) {
  let edges: Page['edges'] = []
  let cursor: string | null = null
  for (let index = 0; index < 100; index++) {
    const size = pages[index % pages.length] ?? 1
    const page = await read(isForwards ? { first: size, after: cursor } : { last: size, before: cursor })
    const { pageInfo } = page
    expect(pageInfo.startCursor).toBe(page.edges[0]?.cursor ?? null)
    expect(pageInfo.endCursor).toBe(page.edges.at(-1)?.cursor ?? null)
    edges = isForwards ? [...edges, ...page.edges] : [...page.edges, ...edges]
    if (!(isForwards ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) return edges
    expect(page.edges).toHaveLength(size)
    cursor = isForwards ? pageInfo.endCursor : pageInfo.startCursor
  }
  throw new Error('This list has no end')
}

test('Whatever the sizes of the pages, each list is read whole, forwards and backwards', {
  timeout: 120_000,
}, async () => {
  const world = await openWorld()

  for (const connection of connectionFields()) {
    const name = `${connection.owner.name}.${connection.field.name}`
    const read = reader(connection, world)
    const { edges: all } = await read({ first: 100 })
    const isOfTwo = name === 'DirectConversation.members'
    expect(all.length, name).toBeGreaterThanOrEqual(isOfTwo ? 2 : CROWD)
    expect(new Set(all.map(({ cursor }) => cursor)).size, name).toBe(all.length)
    expect(new Set(all.map(({ node }) => JSON.stringify(node))).size, name).toBe(all.length)

    const directions = connection.field.args.some((arg) => arg.name === 'last') ? [true, false] : [true]
    for (const isForwards of directions) {
      const isWhole = fc.asyncProperty(sizes, async (pages) => {
        expect(await walk(read, isForwards, pages), name).toEqual(all)
      })
      await fc.assert(isWhole, { numRuns: 3 })
    }
    expect((await read({ first: 0 })).edges, name).toEqual([])
    expect((await read({ first: 1, after: all.at(-1)?.cursor ?? null })).edges, name).toEqual([])
  }
})
