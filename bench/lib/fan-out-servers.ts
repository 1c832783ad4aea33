import type { Audience } from './audience.ts'
import { GROUP_MESSAGES, INBOX, SEND } from './documents.ts'
import { openGraphQLSocket, subscribeAll } from './graphql-socket.ts'
import type { Process } from './processes.ts'
import { openRawSocket, type RawSocket } from './raw-socket.ts'
import type { Residents } from './world.ts'

/** What a subscriber listens to: groups by themselves, or one group through the inbox. */
export interface Feed {
  group: number
  audience: Audience
  inbox?: boolean
}

/** A server that sends a message on to everybody who listens. */
export interface FanOutServer {
  readonly pid: number
  /** @param user who subscribes; a server without a sign-in takes anybody */
  subscribe(user: number, feeds: Feed[]): Promise<RawSocket>
  /** Resolves when the server has taken the message. */
  send(group: number, content: string): Promise<void>
  /** Shows a frame to a server that makes none of its own, and sends the like of it from now on. */
  imitate?(frame: string): void
}

export const operationOf = (group: number) => `g${group}`

/**
 * User 0 sends, and has to be in every group.
 * @param signIn whether the server asks who it is
 */
export async function driveGraphQL(server: Process, world: Residents, signIn: boolean): Promise<FanOutServer> {
  const url = await server.url
  const token = async (user: number) => (signIn ? world.token(user) : null)
  const sender = await openGraphQLSocket(url, await token(0))
  let sent = 0
  return {
    pid: server.pid,
    async subscribe(user, feeds) {
      const subscriptions = feeds.map(({ group, audience, inbox }) => ({
        id: operationOf(group),
        audience,
        ...(inbox
          ? { query: INBOX, variables: {} }
          : { query: GROUP_MESSAGES, variables: { groupId: world.groupIds[group] } }),
      }))
      return subscribeAll(url, await token(user), subscriptions)
    },
    async send(group, content) {
      const input = { groupId: world.groupIds[group], content, clientId: `bench-${server.pid}-${sent++}` }
      await sender.request(SEND, { input })
    },
  }
}

/** Its sender makes the frames, and gets an answer to each. */
export async function driveBareWs(server: Process): Promise<FanOutServer> {
  const url = await server.url
  let sample = ''
  const seqs: number[] = []
  const answers: PromiseWithResolvers<void>[] = []
  const sender = await openRawSocket(`${url}/`, 'bench', {
    onText: () => answers.shift()?.resolve(),
    onFailure: (error) => answers.shift()?.reject(error),
  })
  return {
    pid: server.pid,
    async subscribe(_user, feeds) {
      const receivers = new Map(feeds.map(({ group, audience }) => [operationOf(group), audience.join()]))
      const entered = Promise.withResolvers<void>()
      let isIn = false
      const socket = await openRawSocket(`${url}/`, 'bench', {
        onText(buffer, start, end) {
          if (isIn) return receivers.get(operationIn(buffer, start))?.(buffer, start, end)
          isIn = true
          entered.resolve()
        },
        onFailure(error) {
          entered.reject(error)
          for (const { audience } of feeds) audience.fail(error)
        },
      })
      socket.send([...receivers.keys()].join(' '))
      await entered.promise
      return socket
    },
    send(group, content) {
      const seq = (seqs[group] ?? 0) + 1
      seqs[group] = seq
      const answer = Promise.withResolvers<void>()
      answers.push(answer)
      sender.send(`${operationOf(group)}\n${frameLike(sample, group, seq, content)}`)
      return answer.promise
    },
    imitate(frame) {
      sample = frame
    },
  }
}

/** A frame of the same form and, but for its numbers, the same bytes. */
function frameLike(sample: string, group: number, seq: number, content: string): string {
  const frame = JSON.parse(sample) as { id: string; payload: { data: Record<string, { message: object }> } }
  frame.id = operationOf(group)
  for (const event of Object.values(frame.payload.data)) Object.assign(event.message, { seq, content })
  return JSON.stringify(frame)
}

function operationIn(buffer: Buffer, start: number): string {
  const from = start + '{"id":"'.length
  return buffer.toString('latin1', from, buffer.indexOf('"', from))
}
