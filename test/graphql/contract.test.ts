import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type DefinitionNode,
  type DocumentNode,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  Kind,
  parse,
  print,
  printSchema,
} from 'graphql'
import { expect, test } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'

const contract = elementsOf(parse(readFileSync(join(import.meta.dirname, 'contract.graphql'), 'utf8')))
const printed = elementsOf(parse(printSchema(schema)))

test('the schema contains the whole contract', () => {
  const kept = [...contract.keys()].map((name) => [name, printed.get(name)])
  expect(Object.fromEntries(kept)).toEqual(Object.fromEntries(contract))
})

test('what it adds is nothing that clients must pass', () => {
  const added = requiredInputs().filter(([owner, input]) => contract.has(owner) && !contract.has(input))
  expect(added).toEqual([])
})

/** Whatever can't be left out, and what it belongs to. */
function requiredInputs(): [owner: string, input: string][] {
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (isInputObjectType(type)) {
      const required = Object.values(type.getFields()).filter(isRequiredInputField)
      return required.map(({ name }): [string, string] => [type.name, `${type.name}.${name}`])
    }
    if (!isObjectType(type) && !isInterfaceType(type)) return []
    return Object.values(type.getFields()).flatMap(({ name, args }) => {
      const field = `${type.name}.${name}`
      return args.filter(isRequiredArgument).map((arg): [string, string] => [field, `${field}(${arg.name}:)`])
    })
  })
}

/** Everything a schema promises, by its coordinate (`Type`, `Type.field`, `Type.field(argument:)`), with its kind or type. */
function elementsOf({ definitions }: DocumentNode): Map<string, string> {
  const fieldsOf = new Map(definitions.map((definition) => [nameOf(definition), ownFields(definition)]))
  const elements = new Map<string, string>()
  for (const definition of definitions) {
    const name = nameOf(definition)
    elements.set(name, definition.kind)
    const interfaces = 'interfaces' in definition ? (definition.interfaces ?? []) : []
    for (const { name: parent } of interfaces) elements.set(`${name} implements ${parent.value}`, 'yes')
    // The contract leaves out what a type has from its interfaces.
    for (const parent of [...interfaces.map((node) => node.name.value), name]) {
      for (const [field, type] of fieldsOf.get(parent) ?? []) elements.set(`${name}${field}`, type)
    }
  }
  return elements
}

function ownFields(definition: DefinitionNode): [suffix: string, type: string][] {
  switch (definition.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION:
      return (definition.fields ?? []).flatMap((field) => [
        [`.${field.name.value}`, print(field.type)],
        ...(field.arguments ?? []).map((argument): [string, string] => [
          `.${field.name.value}(${argument.name.value}:)`,
          print(argument.type),
        ]),
      ])
    case Kind.INPUT_OBJECT_TYPE_DEFINITION: {
      const directives = (definition.directives ?? []).map(({ name }): [string, string] => [` @${name.value}`, 'yes'])
      const fields = (definition.fields ?? []).map(({ name, type }): [string, string] => [
        `.${name.value}`,
        print(type),
      ])
      return [...directives, ...fields]
    }
    case Kind.ENUM_TYPE_DEFINITION:
      return (definition.values ?? []).map(({ name }) => [`.${name.value}`, 'value'])
    case Kind.UNION_TYPE_DEFINITION:
      return (definition.types ?? []).map(({ name }) => [` | ${name.value}`, 'yes'])
    default:
      return []
  }
}

function nameOf(definition: DefinitionNode): string {
  return 'name' in definition && definition.name ? definition.name.value : definition.kind
}
