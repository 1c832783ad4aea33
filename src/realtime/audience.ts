import type { MessageRow } from '../log/change.ts'
import { toLiveDelivery } from './delivery.ts'

/** Somebody who is told what his audience is told. */
export interface AudienceMember {
  /** @param payload what the change comes to, serialised; null where he must execute it by himself */
  receive(message: MessageRow, payload: string | null): void
}

interface Telling {
  message: MessageRow
  members: readonly AudienceMember[]
  /** Undefined while it is being executed. */
  payload: string | null | undefined
}

/**
 * Live subscriptions that ask for the same. Each change is executed and serialised once for all of them,
 * and told to each in the order in which the changes came.
 */
export class Audience {
  readonly #execute: (event: unknown) => Promise<string | null>
  /** Those under way, the oldest first. */
  #tellings: Telling[] = []
  #isAboutToTell = false

  /** @param execute gives an event's payload, or null where it can't be the same for all; it must not reject */
  constructor(execute: (event: unknown) => Promise<string | null>) {
    this.#execute = execute
  }

  /** Executes what is no change of the log, for whoever tells them of it. */
  execute(event: unknown): Promise<string | null> {
    return this.#execute(event)
  }

  /** Tells those who listen by now of a change. */
  tell(message: MessageRow, members: readonly AudienceMember[]): void {
    const telling: Telling = { message, members, payload: undefined }
    this.#tellings.push(telling)
    void this.#execute(toLiveDelivery(message)).then((payload) => {
      telling.payload = payload
      if (this.#isAboutToTell) return
      this.#isAboutToTell = true
      setImmediate(() => this.#tellAll())
    })
  }

  /** What one turn of the event loop has brought is told member by member: each is in the processor's cache but once. */
  #tellAll(): void {
    this.#isAboutToTell = false
    for (let [first] = this.#tellings; first?.payload !== undefined; [first] = this.#tellings) {
      const { members } = first
      const end = this.#tellings.findIndex((telling) => telling.payload === undefined || telling.members !== members)
      const told = this.#tellings.splice(0, end === -1 ? this.#tellings.length : end)
      for (const member of members) {
        for (const { message, payload } of told) member.receive(message, payload ?? null)
      }
    }
  }
}
