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
  groupId: string
  /** Somebody whom nobody else adds to the group, or removes. */
  guest: string
  random: Random
  /** How much he does. */
  count: number
  /** What all of them have written, for everybody to change. */
  messageIds: string[]
}

/** Changes the log in every way that there is. */
export async function writeBusily({ here, groupId, guest, random, count, messageIds }: WriterOptions): Promise<void> {
  let isGuestThere = false
  const pick = <T>(all: readonly T[]) => all[random.below(all.length)] as T

  async function say(): Promise<void> {
    const { sendGroupMessage } = await here.request(sendToGroup, { input: { groupId, content: 'Woof' } })
    messageIds.push(sendGroupMessage.message.id)
  }

  async function moveGuest(): Promise<void> {
    isGuestThere = !isGuestThere
    const place = { groupId, username: guest }
    await (isGuestThere ? here.request(addToGroup, place) : here.request(removeFromGroup, place))
  }

  const ways: (() => Promise<unknown>)[] = [
    say,
    say,
    moveGuest,
    () => here.request(editMessage, { messageId: pick(messageIds), content: `Woof ${random.below(1_000)}` }),
    () => here.request(deleteMessage, { messageId: pick(messageIds) }),
    () => here.request(addReaction, { messageId: pick(messageIds), emoji: pick(EMOJI) }),
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
