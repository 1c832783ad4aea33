import fc from 'fast-check'
import { getDatamodel } from '../../src/generated/pothos.ts'
import { $Enums } from '../../src/generated/prisma/client.ts'
import { movedTables, type Table } from '../../src/moving/tables.ts'

export type Row = Record<string, unknown>

const { models } = getDatamodel().datamodel
type Field = (typeof models)[string]['fields'][number]

const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 8 }).filter((string) => !string.includes('\0')),
      fc.constantFrom('👩‍👩‍👧', '\u2028', '\n', '"', "'", '\\', '0', 'null', 'İ', 'e\u0301', '\ufeff', '\u{10ffff}'),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''))

const VALUES: Record<string, fc.Arbitrary<unknown>> = {
  String: text,
  Int: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  BigInt: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  DateTime: fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
  Boolean: fc.boolean(),
}

/** Rows for every table, as its columns and what they refer to allow. The first of each table has every column set. */
export const anyRows: fc.Arbitrary<Map<string, Row[]>> = fc
  .tuple(
    ...movedTables.map((table) => fc.tuple(anyRow(table, false), fc.array(anyRow(table, true), { maxLength: 12 }))),
  )
  .map((drawn) => {
    const rows = new Map<string, Row[]>()
    for (const [index, [first, others]] of drawn.entries()) {
      const { name } = movedTables[index] as Table
      rows.set(name, adapt(name, name === 'Log' ? [first] : [first, ...others], rows))
    }
    return rows
  })

function anyRow({ name }: Table, withNulls: boolean): fc.Arbitrary<Row> {
  const columns = storedFields(name).map((field) => {
    const value = anyValue(field)
    return [field.name, withNulls && !field.isRequired ? fc.option(value) : value] as const
  })
  return fc.record(Object.fromEntries(columns))
}

function anyValue({ kind, type, isId, isUnique }: Field): fc.Arbitrary<unknown> {
  if (kind === 'enum')
    return fc.constantFrom(...Object.values(Object(Object.entries($Enums).find(([name]) => name === type)?.[1])))
  if (isId && type === 'String') return fc.uuid()
  // The index of words goes by such a number.
  if (isUnique && type === 'BigInt') return fc.bigInt({ min: 1n, max: 2n ** 53n })
  const value = VALUES[type]
  if (!value) throw new Error(`Say what values a column of type ${type} may have`)
  return value
}

/** Makes them refer to rows that there are, and leaves out those that have another's key. */
function adapt(name: string, rows: Row[], others: Map<string, Row[]>): Row[] {
  const { fields, primaryKey, uniqueIndexes } = models[name] as (typeof models)[string]
  const relations = fields.filter(({ relationFromFields }) => relationFromFields?.length)
  const unique = [
    ...fields.filter(({ isId, isUnique }) => isId || isUnique).map((field) => [field.name]),
    ...[primaryKey, ...uniqueIndexes].flatMap((index) => (index ? [index.fields] : [])),
  ]
  const taken = new Set<string>()
  return rows.flatMap((row, index) => {
    const adapted = { ...row }
    for (const { type, relationFromFields } of relations) {
      const referred = others.get(type) ?? []
      adapted[relationFromFields?.[0] ?? ''] = referred[index % referred.length]?.['id']
    }
    if (name === 'Log') adapted['id'] = 1
    const keys = unique
      .filter((columns) => columns.every((column) => adapted[column] !== null))
      .map((columns) => `${columns}: ${columns.map((column) => adapted[column])}`)
    if (keys.some((key) => taken.has(key))) return []
    for (const key of keys) taken.add(key)
    return [adapted]
  })
}

function storedFields(name: string): Field[] {
  return (models[name]?.fields ?? []).filter(({ kind }) => kind !== 'object')
}
