import { EventEmitter } from 'node:events'
import { onTestFinished } from 'vitest'
import { RequestError } from '../support/operation.ts'
import { until } from '../support/patience.ts'
import type { Random } from '../support/random.ts'
import type { Report } from '../support/report.ts'
import { compareWithAcknowledged, compareWithHeard, compareWithHeld } from './comparison.ts'
import { type Crowd, gatherCrowd } from './crowd.ts'
import { type LoadListener, startListener } from './listener.ts'
import type { Urls } from './person.ts'
import { startSender, type Told } from './sender.ts'

export interface LoadOptions {
  /** Where the servers take operations, over HTTP; people share them out between them. */
  urls: Urls
  senders: number
  listeners: number
  random: Random
  /** ms between an answer and a sender's next message, at most. */
  pause?: number
  /** Whether senders change and delete what they have said, too. */
  edits?: boolean
}

/** A crowd that sends and listens, whatever becomes of the server. */
export interface Load {
  readonly crowd: Crowd
  /** How many sends and changes have been acknowledged. */
  readonly acknowledged: number
  /** What senders were told instead of an answer, and took as advice to try again. */
  readonly refusals: readonly RequestError[]
  /** How listeners' sockets were closed, and when. */
  readonly closings: readonly { code: number; at: number }[]
  /** Resolves when so many more have been acknowledged. */
  progress(count: number): Promise<void>
  /** Resolves when senders have been refused so many more times. */
  refused(count: number): Promise<void>
  /** Resolves when so many listeners' sockets have been closed in all. */
  closed(count: number): Promise<void>
  /** Says something. Resolves when every listener has heard it. */
  listening(): Promise<void>
  /** One more listens, from the beginning on. Resolves when he has heard all of a history. */
  addListener(history: readonly Told[]): Promise<void>
  /**
   * Lets the senders finish, and waits for the listeners.
   * @param told what others were told who sent to the group
   * @returns what any of them has to complain of
   */
  finish(told?: readonly Told[]): Promise<string[]>
  figures(): Report
}

export async function startLoad(options: LoadOptions): Promise<Load> {
  const { urls, random, pause = 20, edits = false } = options
  const crowd = await gatherCrowd(urls)
  const { groupId, people, lines } = crowd
  const events = new EventEmitter().setMaxListeners(0)
  const own: Told[] = []
  const refusals: RequestError[] = []
  const closings: { code: number; at: number }[] = []
  const count = { acknowledged: 0, brokenOff: 0, heard: 0 }
  let over = false

  const listeners: LoadListener[] = []
  function listen(): LoadListener {
    const listener = startListener({
      person: people[listeners.length % people.length] ?? people[0],
      groupId,
      after: crowd.cursor,
      onHeard() {
        count.heard++
        events.emit('heard')
      },
      onClosed(code) {
        closings.push({ code, at: Date.now() })
        events.emit('closed')
      },
    })
    listeners.push(listener)
    return listener
  }
  for (let index = 0; index < options.listeners; index++) listen()

  const senders = Array.from({ length: options.senders }, (_, index) =>
    startSender({
      name: `sender-${index}`,
      ask: lines[index % lines.length] ?? lines[0],
      groupId,
      pause,
      random,
      edits,
      onAcknowledged() {
        count.acknowledged++
        events.emit('acknowledged')
      },
      onSetback(error) {
        if (over) throw new Error('The load is over.')
        if (!(error instanceof RequestError)) return void count.brokenOff++
        refusals.push(error)
        events.emit('refused')
      },
    }),
  )

  onTestFinished(async () => {
    over = true
    for (const { close } of [...listeners, crowd]) close()
    await Promise.allSettled(senders.map((sender) => sender.stop()))
  })

  return {
    crowd,
    refusals,
    closings,
    get acknowledged() {
      return count.acknowledged
    },
    progress(more) {
      const goal = count.acknowledged + more
      return until(events, 'acknowledged', () => count.acknowledged >= goal)
    },
    refused(more) {
      const goal = refusals.length + more
      return until(events, 'refused', () => refusals.length >= goal)
    },
    closed: (goal) => until(events, 'closed', () => closings.length >= goal),

    async listening() {
      const question = await crowd.announce(`Is everybody there? (${own.length + 1})`)
      own.push(question)
      const hasHeard = ({ heard }: LoadListener) => heard.findLast(({ message }) => message.id === question.id)
      await until(events, 'heard', () => listeners.every(hasHeard))
    },

    addListener(history) {
      const listener = listen()
      return until(events, 'heard', () => listener.fault !== null || listener.heard.length >= history.length)
    },

    async finish(told = []) {
      await Promise.all(senders.map((sender) => sender.stop()))
      // Nothing comes after it, so who has it has all.
      const last = await crowd.announce('That was all.')
      const isDone = ({ heard, fault }: LoadListener) => fault !== null || heard.at(-1)?.message.id === last.id
      await until(events, 'heard', () => listeners.every(isDone))

      const history = await crowd.readHistory()
      const acknowledged = senders.flatMap((sender) => [...sender.acknowledged.values()])
      const compare = edits ? compareWithHeld : compareWithHeard
      const faults = [
        ...compareWithAcknowledged(history, [...acknowledged, ...own, ...told, last]),
        ...listeners.flatMap((listener) => compare(history, listener)),
      ]
      return faults.length > 10 ? [...faults.slice(0, 10), `… and ${faults.length - 10} more`] : faults
    },

    figures: () => ({
      acknowledged: count.acknowledged,
      'broken off, asked again': count.brokenOff,
      'refused, asked again': refusals.length,
      heard: count.heard,
      'lines lost by listeners': closings.length,
    }),
  }
}
