import type { MessageRow } from '../log/change.ts'
import { type Delivery, toLiveDelivery } from './delivery.ts'

/** Somebody who is told what his audience is told. */
export interface AudienceMember {
  /** @param payload what the change comes to, serialised; null where he must execute it by himself */
  receive(message: MessageRow, payload: string | null): void
}

interface Telling {
  message: MessageRow
  /** Undefined while it is being executed. */
  payload: string | null | undefined
  /** Those who wait for it; null once it has been told. */
  waiting: AudienceMember[] | null
}

/**
 * Live subscriptions that ask for the same. Each change is executed and serialised once for all of them,
 * and told to each in the order in which it was asked for.
 */
export class Audience {
  readonly #execute: (delivery: Delivery) => Promise<string | null>
  /** Those under way, the oldest first. */
  #tellings: Telling[] = []
  #latest: Telling | null = null

  /** @param execute gives a change's payload, or null where it can't be the same for all; it must not reject */
  constructor(execute: (delivery: Delivery) => Promise<string | null>) {
    this.#execute = execute
  }

  /** Tells one member of a change, which is pushed to all members before the next one is. */
  tell(message: MessageRow, member: AudienceMember): void {
    const telling = this.#latest?.message === message ? this.#latest : this.#begin(message)
    if (telling.waiting) telling.waiting.push(member)
    else member.receive(message, telling.payload ?? null)
  }

  #begin(message: MessageRow): Telling {
    const telling: Telling = { message, payload: undefined, waiting: [] }
    this.#tellings.push(telling)
    this.#latest = telling
    void this.#execute(toLiveDelivery(message)).then((payload) => {
      telling.payload = payload
      this.#finish()
    })
    return telling
  }

  /** Executions may end in another order than they began. */
  #finish(): void {
    for (let [telling] = this.#tellings; telling?.payload !== undefined; [telling] = this.#tellings) {
      this.#tellings.shift()
      const { message, payload, waiting } = telling
      telling.waiting = null
      for (const member of waiting ?? []) member.receive(message, payload)
    }
  }
}
