import { setTimeout as delay } from 'node:timers/promises'
import { addReaction, removeReaction } from '../reaction/operations.ts'
import { addToGroup, deleteMessage, editMessage, removeFromGroup, sendToGroup } from '../support/messages.ts'
import type { Random } from '../support/random.ts'
import { type Client, RequestError } from '../support/testkit.ts'

const EMOJI = ['👍', '🎉', '😀']
/** What may come of it where another has been quicker. */
const TOO_LATE = ['NOT_FOUND', 'FORBIDDEN', 'CONFLICT', 'BAD_USER_INPUT']

export interface WriterOptions {
  here: Client
  /** A group of his own: what is said there waits for nobody else's transaction. */
  homeId: string
  /** The group of all. */
  groupId: string
  /** Whom he adds to his own group, and removes. */
  guest: string
  random: Random
  /** How much he does. */
  count: number
  /** What is there to react to, and to write to. */
  messageIds: string[]
}

/** Changes the log in every way that there is. */
export async function writeBusily({
  here,
  homeId,
  groupId,
  guest,
  random,
  count,
  messageIds,
}: WriterOptions): Promise<void> {
  const own: string[] = []
  let isGuestThere = false
  const pick = <T>(all: readonly T[]) => all[random.below(all.length)] as T

  async function sayTo(group: string): Promise<string> {
    const { sendGroupMessage } = await here.request(sendToGroup, { input: { groupId: group, content: 'Woof' } })
    return sendGroupMessage.message.id
  }

  async function say(): Promise<void> {
    const id = await sayTo(groupId)
    own.push(id)
    messageIds.push(id)
  }

  async function moveGuest(): Promise<void> {
    isGuestThere = !isGuestThere
    const place = { groupId: homeId, username: guest }
    await (isGuestThere ? here.request(addToGroup, place) : here.request(removeFromGroup, place))
  }

  const ways: (() => Promise<unknown>)[] = [
    say,
    ...Array.from({ length: 6 }, () => () => sayTo(homeId)),
    moveGuest,
    () => here.request(editMessage, { messageId: pick(own), content: `Woof ${random.below(1_000)}` }),
    () => here.request(deleteMessage, { messageId: pick(own) }),
    () => here.request(addReaction, { messageId: pick(messageIds), emoji: pick(EMOJI) }),
    () => here.request(removeReaction, { messageId: pick(messageIds), emoji: pick(EMOJI) }),
  ]
  await say()
  for (let done = 0; done < count; done++) {
    await pick(ways)().catch((error) => {
      if (!(error instanceof RequestError && TOO_LATE.includes(String(error.code)))) throw error
    })
    await delay(random.below(3))
  }
}
