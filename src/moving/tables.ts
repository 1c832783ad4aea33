import { getDatamodel } from '../generated/pothos.ts'
import { Prisma } from '../generated/prisma/client.ts'

/** A value in an exported file. */
export type Plain = string | number | boolean | null

/** A row in an exported file: the values of all columns, in their order. */
export type PlainRow = Plain[]

export interface Table {
  name: Prisma.ModelName
  columns: string[]
  /** The columns of its primary key. */
  key: string[]
  toPlain(row: Record<string, unknown>): PlainRow
  fromPlain(values: PlainRow): Record<string, unknown>
}

/** What is a matter of one database alone. A key that lay in a file with all that is said could be used by whoever reads it. */
const UNMOVED: Prisma.ModelName[] = ['UnfinishedImport', 'Secret']

/** All values exactly, whichever database they come from: a bigint as its digits, a date to the millisecond. */
const CODECS: Record<string, { toPlain(value: never): Plain; fromPlain(value: never): unknown }> = {
  String: { toPlain: (text: string) => text, fromPlain: (text: string) => text },
  Int: { toPlain: (number: number) => number, fromPlain: (number: number) => number },
  BigInt: { toPlain: (number: bigint) => String(number), fromPlain: (digits: string) => BigInt(digits) },
  DateTime: { toPlain: (date: Date) => date.toISOString(), fromPlain: (text: string) => new Date(text) },
  Boolean: { toPlain: (truth: unknown) => Boolean(truth), fromPlain: (truth: boolean) => truth },
}

const { models } = getDatamodel().datamodel
type Model = (typeof models)[string]

/** All that a server keeps, by the data model: what others refer to comes before them. */
export const movedTables: Table[] = inOrderOfReference(
  Object.values(Prisma.ModelName).filter((name) => !UNMOVED.includes(name)),
).map(describeTable)

function inOrderOfReference(names: Prisma.ModelName[]): Prisma.ModelName[] {
  const ordered = new Set<Prisma.ModelName>()
  function add(name: Prisma.ModelName) {
    for (const { type, relationFromFields } of modelOf(name).fields) {
      if (relationFromFields?.length && type !== name) add(type as Prisma.ModelName)
    }
    ordered.add(name)
  }
  names.forEach(add)
  return [...ordered]
}

function describeTable(name: Prisma.ModelName): Table {
  const { fields, primaryKey } = modelOf(name)
  const stored = fields.filter(({ kind }) => kind !== 'object')
  const columns = stored.map((field) => field.name)
  const codecs = stored.map(({ kind, type }) => {
    const codec = CODECS[kind === 'enum' ? 'String' : type]
    if (!codec) throw new Error(`${name} has a column of type ${type}, which src/moving/tables.ts doesn't know`)
    return codec
  })
  return {
    name,
    columns,
    key: [...(primaryKey?.fields ?? stored.filter(({ isId }) => isId).map((field) => field.name))],
    toPlain: (row) =>
      columns.map((column, index) => {
        const value = row[column] ?? null
        return value === null ? null : (codecs[index]?.toPlain(value as never) ?? null)
      }),
    fromPlain: (values) =>
      Object.fromEntries(
        columns.map((column, index) => {
          const value = values[index] ?? null
          return [column, value === null ? null : codecs[index]?.fromPlain(value as never)]
        }),
      ),
  }
}

function modelOf(name: string): Model {
  const model = models[name]
  if (!model) throw new Error(`The data model has no ${name}`)
  return model
}
