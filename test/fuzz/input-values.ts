import fc from 'fast-check'
import {
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from 'graphql'
import { decodeAnyId } from '../../src/ids.ts'
import { anyJson, oddNumber, oddText, often } from './odd-text.ts'

/** What an attacker has come by: what he may use, and what he may not. */
export interface Loot {
  ownIds: string[]
  othersIds: string[]
  /** Of pages of lists. */
  listCursors: string[]
  /** Of places in the log. */
  logCursors: string[]
  /** Also passwords and tokens of his own. */
  names: string[]
}

/** A value of an enum, which is a bare word in a document and a string among variables. */
export class EnumValue {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }

  toJSON() {
    return this.name
  }
}

/**
 * A value for an argument or an input field: often one that could be meant, sometimes any other.
 * @param place what it is for, like `UserRef.id`: an id of a type named there is the likeliest
 * @returns undefined where it is left out
 */
export function valueFor(type: GraphQLInputType, place: string, loot: Loot): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) {
    return often(15, valueOfNullable(type.ofType, place, loot), fc.oneof(anyJson, fc.constantFrom(null, undefined)))
  }
  return fc.oneof(
    { weight: 6, arbitrary: valueOfNullable(type, place, loot) },
    { weight: 8, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.oneof(anyJson, fc.constant(null)) },
  )
}

function valueOfNullable(type: GraphQLInputType, place: string, loot: Loot): fc.Arbitrary<unknown> {
  if (isListType(type)) {
    const item = valueFor(type.ofType, place, loot)
    const many = item.map((value) => Array(String(value).length > 1_000 ? 3 : 300).fill(value))
    return often(8, fc.array(item, { maxLength: 3 }), fc.oneof(item, many))
  }
  if (isInputObjectType(type)) return objectFor(type, loot)
  if (isEnumType(type)) return enumFor(type)
  switch (type.toString()) {
    case 'ID':
      return idFor(place, loot)
    case 'Int':
    case 'Float':
      return often(2, fc.integer({ min: 0, max: 10 }), oddNumber)
    case 'Boolean':
      return fc.boolean()
    case 'URL':
      return often(3, fc.constantFrom('https://example.com/a.png', 'HTTP://[::1]:80/%ff?#'), oddText)
    case 'DateTime':
      return often(3, fc.constantFrom('2030-01-01T00:00:00Z', '+275760-09-13T00:00:00.000Z', '1969-12-31'), oddText)
    case 'Cursor':
      return cursorFor(loot.logCursors, loot)
    default:
      return /\.(after|before)$/.test(place) ? cursorFor(loot.listCursors, loot) : textFor(loot)
  }
}

function objectFor(type: GraphQLInputObjectType, loot: Loot): fc.Arbitrary<unknown> {
  const fields = Object.values(type.getFields())
  const place = (name: string) => `${type.name}.${name}`
  const requiredKeys = fields.filter(isRequiredInputField).map(({ name }) => name)
  const values = fields.map((field) => [field.name, valueFor(field.type, place(field.name), loot)])
  const several = fc.record<Record<string, unknown>>(Object.fromEntries(values), { requiredKeys })
  const single = fields.map((field) =>
    fc.record({ [field.name]: valueOfNullable(field.type, place(field.name), loot) }),
  )
  const withMore = fc.tuple(several, fc.dictionary(oddText, anyJson, { maxKeys: 2 })).map(([a, b]) => ({ ...a, ...b }))
  return often(12, type.isOneOf ? fc.oneof(...single) : several, fc.oneof(several, withMore))
}

function enumFor(type: GraphQLEnumType): fc.Arbitrary<unknown> {
  const names = type.getValues().map(({ name }) => new EnumValue(name))
  return often(8, fc.constantFrom(...names), fc.constantFrom(new EnumValue('NONSENSE'), names[0]?.name))
}

function idFor(place: string, { ownIds, othersIds, logCursors }: Loot): fc.Arbitrary<string> {
  const all = [...ownIds, ...othersIds]
  const [owner = '', field = ''] = place.split('.')
  const likely = [typesIn(field, all), typesIn(owner, all), typesOf(all)].find(({ length }) => length > 0) ?? []
  const ofTypes = (types: string[], ids: string[]) =>
    fc.oneof(...types.map((type) => ids.filter((id) => typeOf(id) === type)).map((some) => fc.constantFrom(...some)))
  const forged = fc
    .tuple(fc.constantFrom(...typesOf(all)), fc.constantFrom(...all))
    .map(([type, id]) => Buffer.from(`${type}:${decodeAnyId(id)?.id}`).toString('base64url'))
  return fc.oneof(
    { weight: 5, arbitrary: ofTypes(likely, ownIds) },
    { weight: 5, arbitrary: ofTypes(likely, othersIds) },
    { weight: 2, arbitrary: ofTypes(typesOf(all), all) },
    { weight: 1, arbitrary: forged },
    { weight: 1, arbitrary: fc.oneof(oddText, tampered(all), fc.constantFrom(...logCursors)) },
  )
}

function cursorFor(cursors: string[], { ownIds, listCursors, logCursors }: Loot): fc.Arbitrary<string> {
  const foreign = fc.oneof(fc.constantFrom(...listCursors, ...logCursors, ...ownIds), oddText)
  return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...cursors) }, tampered(cursors), foreign)
}

function textFor({ ownIds, listCursors, names }: Loot): fc.Arbitrary<string> {
  const plain = fc.constantFrom('Good morning', 'a@b.example', 'p4ssw0rd!', ...names)
  const foreign = fc.constantFrom(...ownIds, ...listCursors)
  return fc.oneof({ weight: 6, arbitrary: plain }, { weight: 3, arbitrary: oddText }, { weight: 1, arbitrary: foreign })
}

/** What the server gave out, opened, with other numbers in it or a piece missing, and closed again. */
function tampered(tokens: string[]): fc.Arbitrary<string> {
  const number = fc.constantFrom('0', '1', '-1', '9'.repeat(10), '9'.repeat(15), '9'.repeat(18), '9'.repeat(40), '')
  return fc.tuple(fc.constantFrom(...tokens), number, fc.nat(3)).map(([token, digits, cut]) => {
    const text = Buffer.from(token, 'base64url').toString()
    const other = text.replaceAll(/\b\d+\b/g, digits)
    return Buffer.from(other.slice(0, other.length - cut)).toString('base64url')
  })
}

function typeOf(id: string): string {
  return decodeAnyId(id)?.type ?? ''
}

function typesOf(ids: string[]): string[] {
  return [...new Set(ids.map(typeOf))]
}

/** The types of ids whose names, the last words of them at least, a text holds: Group of groupId. */
function typesIn(text: string, ids: string[]): string[] {
  return typesOf(ids).filter((type) =>
    text.toLowerCase().includes(/[A-Z][a-z]*$/.exec(type)?.[0].toLowerCase() ?? type),
  )
}
