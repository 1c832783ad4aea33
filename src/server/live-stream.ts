import type { ExecutionResult, GraphQLError } from 'graphql'
import type { Context } from '../graphql/context.ts'
import { isMeantForClients } from '../graphql/error-codes.ts'

export interface LiveStreamOptions<Event> {
  source: AsyncIterator<Event>
  execute: (event: Event) => ExecutionResult | Promise<ExecutionResult>
  context: Context
  /** Gives what the client is told of errors. */
  report: (errors: readonly unknown[]) => readonly GraphQLError[]
}

/**
 * The results of one listener's events. It ends as it must: with an error where one failed inside the server,
 * and without what was being executed for somebody who may no longer see it.
 *
 * Not a generator, whose `return` would wait for an event that may never come.
 */
export class LiveStream<Event> implements AsyncIterableIterator<ExecutionResult, undefined> {
  readonly #options: LiveStreamOptions<Event>
  #endings: (() => void)[] = []
  #failure: unknown = null

  constructor(options: LiveStreamOptions<Event>) {
    this.#options = options
  }

  /** @param ending called once, however the stream ends */
  onEnd(ending: () => void): void {
    this.#endings.push(ending)
  }

  /** Ends the stream; whoever reads it is told of the error. */
  fail(error: unknown): void {
    this.#failure ??= error
    void this.return()
  }

  async next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    const { context, report } = this.#options
    try {
      const result = this.#failure ? null : await this.#nextResult()
      if (!this.#failure && context.listener?.hasEnded) return this.#end()
      // Whoever went on listening would never hear of that event: he comes back with the cursor before it.
      this.#failure ??= result?.errors?.find((error) => !isMeantForClients(error)) ?? null
      if (!this.#failure) {
        if (!result) return this.#end()
        return { value: result.errors ? { ...result, errors: report(result.errors) } : result, done: false }
      }
    } catch (error) {
      this.#failure = error
    }
    const failure = this.#failure
    this.#failure = null
    // Nobody else ends the source of a stream that has failed.
    void this.return()
    throw report([failure])[0]
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    const end = this.#end()
    await this.#options.source.return?.()
    return end
  }

  async throw(error: unknown): Promise<never> {
    await this.return()
    throw error
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  /** What he may no longer see is left out, be it an error. */
  async #nextResult(): Promise<ExecutionResult | null> {
    const { source, execute, context } = this.#options
    for (;;) {
      const { value, done } = await source.next()
      if (done) return null
      const result = await execute(value)
      if (!context.listener?.isWithdrawn) return result
    }
  }

  #end(): IteratorReturnResult<undefined> {
    for (const ending of this.#endings) ending()
    this.#endings = []
    return { value: undefined, done: true }
  }
}
