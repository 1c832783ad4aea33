import pg from 'pg'

/**
 * Runs all that a pool is asked for within one connection's transaction. A statement that fails leaves nothing, and
 * the others go on.
 */
export class TransactionalPool extends pg.Pool {
  readonly #client: pg.ClientBase

  /** @param client with a transaction under way, for whoever began it to end */
  constructor(client: pg.ClientBase) {
    super()
    this.#client = client
  }

  // biome-ignore lint/suspicious/noExplicitAny: pg's types have an overload for each way to call it.
  override async query(...args: any): Promise<any> {
    await this.#client.query('SAVEPOINT statement')
    try {
      return await this.#client.query.apply(this.#client, args)
    } catch (error) {
      await this.#client.query('ROLLBACK TO statement')
      throw error
    }
  }
}
