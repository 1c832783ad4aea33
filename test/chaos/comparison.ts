import type { LoadListener } from './listener.ts'
import type { Told } from './sender.ts'

/**
 * What is wrong with a history: numbers with a gap, what was acknowledged and isn't in it once as it was
 * acknowledged last, and what nobody was told of.
 */
export function compareWithAcknowledged(history: readonly Told[], acknowledged: Iterable<Told>): string[] {
  const faults: string[] = []
  const first = history[0]?.seq ?? 0
  for (const [index, { seq }] of history.entries()) {
    if (seq !== first + index) faults.push(`The history has seq ${seq} in place of ${first + index}.`)
  }
  const unclaimed = new Map(history.map((message) => [message.id, message]))
  if (unclaimed.size < history.length) faults.push('The history has a message twice.')
  for (const message of acknowledged) {
    const stored = unclaimed.get(message.id)
    if (!stored) faults.push(`Acknowledged, and not in the history once: ${show(message)}.`)
    else if (show(stored) !== show(message)) faults.push(`Acknowledged as ${show(message)}, stored as ${show(stored)}.`)
    unclaimed.delete(message.id)
  }
  for (const message of unclaimed.values()) faults.push(`Stored, and nobody was told: ${show(message)}.`)
  return faults
}

/** What is wrong with what a listener heard: each message once, in order, and nothing else. */
export function compareWithHeard(history: readonly Told[], { heard, fault }: LoadListener): string[] {
  if (fault) return [fault.message]
  const expected = history.map((message) => `CREATED ${show(message)}`)
  const actual = heard.map(({ type, message }) => `${type} ${show(message)}`)
  const longer = expected.length > actual.length ? expected : actual
  const place = longer.findIndex((_, index) => expected[index] !== actual[index])
  return place < 0 ? [] : [`Should have heard as no. ${place + 1}: ${expected[place]}, heard: ${actual[place]}.`]
}

/** What is wrong with what a listener holds, where messages change after they came: each is new to him once at most. */
export function compareWithHeld(history: readonly Told[], { heard, fault }: LoadListener): string[] {
  if (fault) return [fault.message]
  const faults: string[] = []
  const held = new Map<string, Told>()
  for (const { type, message } of heard) {
    if (type === 'CREATED' && held.has(message.id)) faults.push(`Heard as CREATED again: ${show(message)}.`)
    held.set(message.id, message)
  }
  for (const message of history) {
    const own = held.get(message.id)
    if (!own || show(own) !== show(message)) faults.push(`Stored: ${show(message)}, held: ${own && show(own)}.`)
    held.delete(message.id)
  }
  for (const message of held.values()) faults.push(`Held, and not in the history: ${show(message)}.`)
  return faults
}

function show({ id, seq, content, deletedAt }: Told): string {
  return `${seq} ${deletedAt ? '(deleted)' : `“${content}”`} ${id.slice(-12)}`
}
