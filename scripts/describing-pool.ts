import pg from 'pg'

const TYPE_CHAR = 18
const TYPE_TEXT = 25

/**
 * Connections by which Prisma's schema engine can read how a database is made: its adapter doesn't know "char", a type
 * that PostgreSQL's own tables have.
 */
export class DescribingPool extends pg.Pool {
  // biome-ignore lint/suspicious/noExplicitAny: pg's types have an overload for each way to call it.
  override async query(...args: any): Promise<any> {
    const result: pg.QueryResult | undefined = await (super.query.apply(
      this,
      args,
    ) as unknown as Promise<pg.QueryResult>)
    for (const field of result?.fields ?? []) if (field.dataTypeID === TYPE_CHAR) field.dataTypeID = TYPE_TEXT
    return result
  }
}
