import { setTimeout as delay } from 'node:timers/promises'
import type { SayUnderLoadMutation } from '../generated/graphql.ts'
import { insist } from '../support/patience.ts'
import type { Random } from '../support/random.ts'
import { edit, remove, say } from './operations.ts'
import type { Ask } from './person.ts'

/** A message as the server tells of it. */
export type Told = SayUnderLoadMutation['sendGroupMessage']['message']

export interface SenderOptions {
  /** Unique over all senders. */
  name: string
  ask: Ask
  groupId: string
  /** ms between an answer and the next message, at most. */
  pause: number
  random: Random
  /** Whether he changes and deletes what he has said, too. */
  edits: boolean
  onAcknowledged: () => void
  /** Hears of each answer that wasn't one; what it throws makes him give up. */
  onSetback: (error: unknown) => void
}

/** Says one thing after another, each until he is answered. */
export interface Sender {
  /** What he was told of each of his messages last, by id. */
  readonly acknowledged: ReadonlyMap<string, Told>
  /** Resolves when what he was about to say has been answered. Rejects where that was refused. */
  stop(): Promise<void>
}

export function startSender(options: SenderOptions): Sender {
  const { name, ask, groupId, pause, random, edits, onAcknowledged, onSetback } = options
  const acknowledged = new Map<string, Told>()
  let count = 0
  let stopped = false

  async function saySomething(): Promise<Told> {
    const content = `${name} says ${++count}`
    const input = { groupId, content, clientId: content }
    return (await insist(() => ask(say, { input }), onSetback)).sendGroupMessage.message
  }

  /** What is asked for twice here changes nothing the second time. */
  async function changeSomething(): Promise<Told | null> {
    const mine = [...acknowledged.values()].slice(-20).filter(({ deletedAt }) => !deletedAt)
    const { id } = mine[random.below(mine.length)] ?? {}
    if (!id) return null
    if (random.oneIn(5)) return (await insist(() => ask(remove, { messageId: id }), onSetback)).deleteMessage.message
    const content = `${name} means ${++count}`
    return (await insist(() => ask(edit, { messageId: id, content }), onSetback)).editMessage.message
  }

  async function run(): Promise<void> {
    while (!stopped) {
      const told = edits && random.oneIn(2) ? await changeSomething() : await saySomething()
      if (told) {
        acknowledged.set(told.id, told)
        onAcknowledged()
      }
      await delay(random.below(pause + 1))
    }
  }

  const running = run()
  running.catch(() => {}) // `stop` tells
  return {
    acknowledged,
    stop() {
      stopped = true
      return running
    },
  }
}
