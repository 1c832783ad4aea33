import { createAudience } from './audience.ts'
import { type FanOutServer, operationOf } from './fan-out-servers.ts'
import { createJudge } from './judge.ts'
import { sendSteadily } from './pace.ts'

const CONTENT_LENGTH = 40 // characters
const MOST_UNDER_WAY = 50 // messages
const OPENING = 50 // sockets that open at once

/** Subscribers of one group on one server, and what is said to them. */
export interface Crowd {
  readonly size: number
  /** Sends so many messages at once. Resolves when all are answered, and everybody has had them right. */
  say(messages: number): Promise<void>
  /**
   * Sends so many messages a second for a while; stops early where too many are under way. Resolves when
   * everybody has had them right.
   * @param time ms
   */
  stream(rate: number, time: number): Promise<Streamed>
  /** A frame that they got. */
  readonly sample: string
  close(): void
}

export interface Streamed {
  /** ms from sending to receiving, of each delivery. */
  latencies: number[]
  /** Whether the server kept up with the rate. */
  keptUp: boolean
}

/**
 * @param group the group's number, whose members include the users from 0 on
 * @param field how they listen
 */
export async function gatherCrowd(
  server: Pick<FanOutServer, 'subscribe' | 'send'>,
  { size, group, field }: { size: number; group: number; field: 'groupMessages' | 'inbox' },
): Promise<Crowd> {
  const { expect, judge } = createJudge(operationOf(group), field)
  const sentAt = new Map<string, number>()
  const startOf: number[] = []
  let latencies: number[] | null = null
  let sample = ''
  let said = 0
  let answered = 0
  const audience = createAudience(
    (frame) => {
      const content = judge(frame)
      startOf.push(sentAt.get(content) ?? NaN)
      sentAt.delete(content)
      sample = frame
    },
    (index) => latencies?.push(performance.now() - (startOf[index] ?? NaN)),
  )
  const sockets = await inBatches(size, OPENING, (user) =>
    server.subscribe(user, [{ group, audience, inbox: field === 'inbox' }]),
  )

  async function sayOne() {
    const content = messageContent(said++)
    expect(content)
    sentAt.set(content, performance.now())
    await server.send(group, content)
    answered++
  }

  const crowd = {
    size,
    async say(messages: number) {
      const answers = Array.from({ length: messages }, sayOne)
      await Promise.all([...answers, audience.reached(said)])
    },
    async stream(rate: number, time: number) {
      const measured: number[] = []
      latencies = measured
      const isOverloaded = () => said - Math.min(answered, audience.delivered / size) > MOST_UNDER_WAY
      const { keptUp } = await sendSteadily({ rate, time, isOverloaded }, () => void sayOne().catch(audience.fail))
      await audience.reached(said)
      latencies = null
      return { latencies: measured, keptUp }
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
