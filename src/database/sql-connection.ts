import { Prisma } from '../generated/prisma/client.ts'

/**
 * SQL without Prisma's client in between, which costs several times the statement itself: for the paths where that
 * shows. Write statements with `Prisma.sql`, so that values are always parameters.
 */
export interface SqlConnection {
  readonly provider: 'sqlite' | 'postgresql'
  /** The rows, their values exactly as `$queryRaw` gives them: by the declared type of the column that they come from. */
  all<Row>(statement: Prisma.Sql): Promise<Row[]>
  /** @returns how many rows it changed */
  run(statement: Prisma.Sql): Promise<number>
  /** Adds rows, which all give the same columns; what they leave out gets its default. */
  insert<Row extends object>(table: Prisma.ModelName, rows: readonly Row[]): Promise<void>
}

type Queries = Pick<Prisma.TransactionClient, '$queryRaw' | '$executeRaw'>

/**
 * Ends a query so that other transactions can't change the rows that it finds until this one ends. SQLite has one
 * writer at a time, and needs nothing.
 * @param table its name in the query
 * @param key columns in whose order rows are locked, always the same one, so that no two transactions wait for each other
 */
export function forUpdate({ provider }: SqlConnection, table: string, key: readonly string[]): Prisma.Sql {
  if (provider === 'sqlite') return Prisma.empty
  return Prisma.raw(`ORDER BY ${key.map((column) => `${table}."${column}"`)} FOR NO KEY UPDATE OF ${table}`)
}

/** As `forUpdate`, against changes alone: who only reads the rows so isn't kept off. */
export function forShare({ provider }: SqlConnection, table: string): Prisma.Sql {
  return provider === 'sqlite' ? Prisma.empty : Prisma.raw(`FOR SHARE OF ${table}`)
}

/** SQLite's SQL within a transaction of Prisma's. */
export function withinPrisma(tx: Queries): SqlConnection {
  return {
    provider: 'sqlite',
    all: <Row>(statement: Prisma.Sql) => tx.$queryRaw<Row[]>(statement),
    run: (statement) => tx.$executeRaw(statement),
    async insert(table, rows) {
      if (rows.length === 0) return
      const columns = Object.keys(rows[0] ?? {}).map((column) => `"${column}"`)
      await tx.$executeRaw`INSERT INTO ${Prisma.raw(`"${table}" (${columns})`)} VALUES ${valuesOf(rows.map(Object.values))}`
    },
  }
}

function valuesOf(rows: readonly unknown[][]): Prisma.Sql {
  return Prisma.join(rows.map((row) => Prisma.join(row, ', ', '(', ')')))
}

/**
 * `VALUES (…), (…)`, whose columns are `column1`, `column2` … Some rows come twice, so that statements over any
 * number of rows have few texts, each of which is prepared once: for where that makes no difference.
 */
export function valuesAtLeastOnce(rows: readonly (readonly unknown[])[]): Prisma.Sql {
  const size = 2 ** Math.ceil(Math.log2(rows.length))
  const repeated = Array.from({ length: size }, (_, index) => rows[Math.min(index, rows.length - 1)])
  return Prisma.sql`VALUES ${valuesOf(repeated as unknown[][])}`
}
