import { startFlakyProxy } from '../support/flaky-proxy.ts'
import { deleteMessage, editMessage, newGroup, sendToGroup } from '../support/messages.ts'
import { newDatabase, startServer } from '../support/testkit.ts'

/** How many bytes of the server’s come through before each cut. */
const CUTS = [3_000, 0, 200, 10_000, 400, 5_000, 1_000]

export type Storm = Awaited<ReturnType<typeof stormyGroup>>

/** Jerry at the end of a line that keeps breaking, and Tom, who goes on writing to their group. */
export async function stormyGroup() {
  const databaseUrl = await newDatabase()
  const server = await startServer({ databaseUrl })
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  const { createGroup } = await tom.request(newGroup, { name: 'The house', memberIds: [jerry.id] })
  const { id: groupId, cursor } = createGroup.group
  const line = await startFlakyProxy(server.url)
  let said = 0

  async function write(count: number): Promise<string[]> {
    const sending = Array.from({ length: count }, async () => {
      const input = { groupId, content: `message ${++said}` }
      return (await tom.request(sendToGroup, { input })).sendGroupMessage.message.id
    })
    return Promise.all(sending)
  }

  /** Two messages, and a change of mind about two that were written before. */
  async function rewrite([first, second]: string[]): Promise<string[]> {
    const written = await write(2)
    if (first) await tom.request(editMessage, { messageId: first, content: 'On second thoughts …' })
    if (second) await tom.request(deleteMessage, { messageId: second })
    return written
  }

  return {
    server,
    tom,
    jerry,
    groupId,
    /** Where the group stood before they began. */
    cursor,
    line,
    write,
    said: () => said,

    /** Breaks the line again and again while Tom writes: in the handshake, in the middle of a message, after many. */
    async storm({ edits = false } = {}) {
      let written: string[] = []
      for (const bytes of CUTS) {
        let isCut = false
        const cut = line.cutAfter(bytes).then(() => {
          isCut = true
        })
        while (!isCut) {
          const carried = line.carries()
          written = edits ? await rewrite(written) : await write(2)
          await Promise.race([carried, cut])
        }
      }
      await write(1)
    },

    async restart() {
      await server.stop()
      await startServer({ databaseUrl, port: Number(new URL(server.url).port) })
    },
  }
}
