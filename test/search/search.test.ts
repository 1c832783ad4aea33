import { describe, expect, test } from 'vitest'
import { closeAccount, deleteGroup } from '../group/operations.ts'
import {
  addToGroup,
  deleteMessage,
  editMessage,
  newGroup,
  removeFromGroup,
  sendDirect,
  sendToGroup,
} from '../support/messages.ts'
import { startServer, type TestUser } from '../support/testkit.ts'
import { searchMessages } from './operations.ts'

async function house() {
  const server = await startServer()
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  const spike = await server.register('spike')
  const { createGroup } = await tom.request(newGroup, { name: 'House', memberIds: [jerry.id] })
  const groupId = createGroup.group.id
  async function say(who: TestUser, content: string, to: string = groupId) {
    const { sendGroupMessage } = await who.request(sendToGroup, { input: { groupId: to, content } })
    return sendGroupMessage.message.id
  }
  return { server, tom, jerry, spike, groupId, say }
}

async function found(who: TestUser, query: string, conversationId?: string) {
  const { searchMessages: page } = await who.request(searchMessages, { query, conversationId: conversationId ?? null })
  return page.edges.map(({ node }) => node.content)
}

describe('A search', () => {
  test('finds what the viewer may read, in groups and direct conversations, and nothing else', async () => {
    const { server, tom, jerry, spike, groupId, say } = await house()
    await say(tom, 'Cheese in the group')
    await jerry.request(sendDirect, { input: { to: { username: 'tom' }, content: 'Cheese between us' } })
    await spike.request(sendDirect, { input: { to: { username: 'jerry' }, content: 'Cheese for Jerry alone' } })

    expect(await found(tom, 'cheese')).toEqual(['Cheese between us', 'Cheese in the group'])
    expect(await found(jerry, 'cheese')).toHaveLength(3)
    expect(await found(spike, 'cheese')).toEqual(['Cheese for Jerry alone'])
    expect(await found(tom, 'cheese', groupId)).toEqual(['Cheese in the group'])
    await expect(found(spike, 'cheese', groupId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(server.anonymous.request(searchMessages, { query: 'cheese' })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    })
  })

  test('finds nothing any more for who was removed, and the whole history for who came later', async () => {
    const { tom, jerry, spike, groupId, say } = await house()
    await say(tom, 'Cheese')
    expect(await found(jerry, 'cheese')).toEqual(['Cheese'])

    await tom.request(removeFromGroup, { groupId, username: 'jerry' })
    await tom.request(addToGroup, { groupId, username: 'spike' })

    expect(await found(jerry, 'cheese')).toEqual([])
    await expect(found(jerry, 'cheese', groupId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await found(spike, 'cheese')).toEqual(['Cheese'])
  })

  test('finds what a message says now, and no deleted or SYSTEM message', async () => {
    const { tom, say } = await house()
    const edited = await say(tom, 'Old cheese')
    const deleted = await say(tom, 'More cheese')

    await tom.request(editMessage, { messageId: edited, content: 'Young gouda' })
    await tom.request(deleteMessage, { messageId: deleted })

    expect(await found(tom, 'cheese')).toEqual([])
    expect(await found(tom, 'old')).toEqual([])
    expect(await found(tom, 'gouda')).toEqual(['Young gouda'])
    expect(await found(tom, 'group')).toEqual([])
    expect(await found(tom, 'from:tom')).toEqual(['Young gouda'])
  })

  test('finds the messages of a deleted account, but nothing of a deleted group', async () => {
    const { tom, jerry, groupId, say } = await house()
    await say(jerry, 'Cheese')
    await jerry.request(closeAccount, { password: jerry.password })
    expect(await found(tom, 'cheese')).toEqual(['Cheese'])
    expect(await found(tom, 'cheese from:jerry')).toEqual([])

    await tom.request(deleteGroup, { groupId })

    expect(await found(tom, 'cheese')).toEqual([])
  })

  test('takes all words, in any order, case and accent', async () => {
    const { tom, say } = await house()
    for (const content of ['Crème brûlée', 'brulee', 'Ångström units', 'cafe\u0301', 'Ο ΣΟΦΟΣ', 'مَدْرَسَة', 'שָׁלוֹם'])
      await say(tom, content)

    expect(await found(tom, 'BRULEE creme')).toEqual(['Crème brûlée'])
    expect(await found(tom, 'brûlée')).toEqual(['brulee', 'Crème brûlée'])
    expect(await found(tom, 'angstrom')).toEqual(['Ångström units'])
    expect(await found(tom, 'café')).toEqual(['cafe\u0301'])
    expect(await found(tom, 'σοφος')).toEqual(['Ο ΣΟΦΟΣ'])
    expect(await found(tom, 'مدرسة')).toEqual(['مَدْرَسَة'])
    expect(await found(tom, 'שלום')).toEqual(['שָׁלוֹם'])
    expect(await found(tom, 'creme unit')).toEqual([])
  })

  test('knows phrases, beginnings of words, and senders', async () => {
    const { tom, jerry, say } = await house()
    await say(tom, 'Good morning, mouse')
    await say(jerry, 'Morning is good')
    await say(jerry, 'An e-mail to the mousetrap')

    expect(await found(tom, '"good morning"')).toEqual(['Good morning, mouse'])
    expect(await found(tom, '"good mo"*')).toEqual(['Good morning, mouse'])
    expect(await found(tom, 'mou*')).toEqual(['Good morning, mouse', 'An e-mail to the mousetrap'])
    expect(await found(tom, 'mou')).toEqual([])
    expect(await found(tom, 'm* g*')).toEqual(['Good morning, mouse', 'Morning is good'])
    expect(await found(tom, 'm* e*')).toEqual(['An e-mail to the mousetrap'])
    expect(await found(tom, 'mo* is')).toEqual(['Morning is good'])
    expect(await found(tom, 'e-mail')).toEqual(['An e-mail to the mousetrap'])
    expect(await found(tom, 'mail-e')).toEqual([])
    expect(await found(tom, 'good from:TOM')).toEqual(['Good morning, mouse'])
    expect(await found(tom, 'from:@jerry')).toEqual(['An e-mail to the mousetrap', 'Morning is good'])
    expect(await found(tom, 'good from:tom from:jerry')).toHaveLength(2)
    expect(await found(tom, 'good from:nobody')).toEqual([])
    expect(await found(tom, '"from:jerry"')).toEqual([])
  })

  test('finds words inside of what is written without spaces, and emoji', async () => {
    const { tom, say } = await house()
    for (const content of [
      '今天天气很好，我们去公园',
      'สวัสดีครับ',
      '한국어 공부',
      'Party 🎉🎉 at 👩‍🚀’s',
      'नमस्ते दुनिया',
      'I ❤️ cheese',
    ])
      await say(tom, content)

    expect(await found(tom, '天气')).toEqual(['今天天气很好，我们去公园'])
    expect(await found(tom, '公园 天气')).toEqual(['今天天气很好，我们去公园'])
    expect(await found(tom, '气天')).toEqual([])
    expect(await found(tom, 'ครับ')).toEqual(['สวัสดีครับ'])
    expect(await found(tom, '한국*')).toEqual(['한국어 공부'])
    expect(await found(tom, '🎉')).toEqual(['Party 🎉🎉 at 👩‍🚀’s'])
    expect(await found(tom, '👩‍🚀 party')).toEqual(['Party 🎉🎉 at 👩‍🚀’s'])
    for (const heart of ['❤️', '❤']) expect(await found(tom, heart)).toEqual(['I ❤️ cheese'])
    expect(await found(tom, 'दुनिया')).toEqual(['नमस्ते दुनिया'])
  })

  test('has the best match first, then the newest', async () => {
    const { tom, say } = await house()
    const contents = [
      'Cheese',
      'We should really think about buying some of that cheese one day when it rains again',
      'Cheese, cheese, cheese',
      'CHEESE!',
      'The cheese in the kitchen',
    ]
    for (const content of contents) await say(tom, content)

    const ranked = await found(tom, 'cheese')

    expect(ranked).toEqual([contents[2], contents[3], contents[0], contents[4], contents[1]])
  })
})

test('Anything is a query; one without a word finds nothing', async () => {
  const { tom, say } = await house()
  await say(tom, 'This AND that OR (nothing) NEAR "quoted" NOT c:1')

  for (const query of [
    'this AND that',
    '(nothing',
    'quoted"',
    '"quoted',
    'NEAR',
    'this OR',
    'c:1',
    'NOT*',
    '^that',
    '-that',
    'words:that',
    'this\0that',
    'this \ud800 that',
  ]) {
    const isFound = query !== 'words:that'
    expect(await found(tom, query), query).toHaveLength(isFound ? 1 : 0)
  }
  for (const query of ['', ' ', '*', '"', '""', '""*', '()', '^', '؟', '\u200b', '…']) {
    expect(await found(tom, query), query).toEqual([])
  }
  await expect(found(tom, 'x'.repeat(201))).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'query' })
})
