import { createAudience } from './audience.ts'
import { type FanOutServer, operationOf } from './fan-out-servers.ts'
import { createJudge } from './judge.ts'

const CONTENT_LENGTH = 40 // characters
const OPENING = 50 // sockets that open at once

/** Subscribers of one group on one server, and what is said to them. */
export interface Crowd {
  readonly size: number
  /** Sends so many messages at once. Resolves when all are answered, and everybody has had them right. */
  say(messages: number): Promise<void>
  /** A frame that they got. */
  readonly sample: string
  close(): void
}

/**
 * @param group the group's number, whose members include the users from 0 on
 * @param field how they listen
 */
export async function gatherCrowd(
  server: FanOutServer,
  { size, group, field }: { size: number; group: number; field: 'groupMessages' | 'inbox' },
): Promise<Crowd> {
  const { expect, judge } = createJudge(operationOf(group), field)
  let sample = ''
  let said = 0
  const audience = createAudience((frame) => {
    judge(frame)
    sample = frame
  })
  const sockets = await inBatches(size, OPENING, (user) =>
    server.subscribe(user, [{ group, audience, inbox: field === 'inbox' }]),
  )

  const crowd = {
    size,
    async say(messages: number) {
      const answers = Array.from({ length: messages }, () => {
        const content = messageContent(said++)
        expect(content)
        return server.send(group, content)
      })
      await Promise.all([...answers, audience.reached(said)])
    },
    get sample() {
      return sample
    },
    close() {
      for (const socket of sockets) socket.close()
    },
  }
  await crowd.say(1)
  return crowd
}

/** A message's text, always of the same length. */
export function messageContent(number: number): string {
  return `The message with the number ${number} `.padEnd(CONTENT_LENGTH, '.')
}

/** Runs `work` for the numbers from 0 on, a few at once. */
export async function inBatches<T>(count: number, size: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let start = 0; start < count; start += size) {
    const batch = Array.from({ length: Math.min(size, count - start) }, (_, index) => work(start + index))
    results.push(...(await Promise.all(batch)))
  }
  return results
}
