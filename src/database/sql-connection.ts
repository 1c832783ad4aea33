import type { Prisma } from '../generated/prisma/client.ts'

/**
 * SQL without Prisma's client in between, which costs several times the statement itself: for the paths where that
 * shows. Write statements with `Prisma.sql`, so that values are always parameters.
 */
export interface SqlConnection {
  /** The rows, their values exactly as `$queryRaw` gives them: by the declared type of the column that they come from. */
  all<Row>(statement: Prisma.Sql): Promise<Row[]>
  /** @returns how many rows it changed */
  run(statement: Prisma.Sql): Promise<number>
}

type Queries = Pick<Prisma.TransactionClient, '$queryRaw' | '$executeRaw'>

/** SQL within a transaction of Prisma's. */
export function withinPrisma(tx: Queries): SqlConnection {
  return {
    all: <Row>(statement: Prisma.Sql) => tx.$queryRaw<Row[]>(statement),
    run: (statement) => tx.$executeRaw(statement),
  }
}
