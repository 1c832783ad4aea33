import {
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  type TypeNode,
  type ValueNode,
} from 'graphql'

/** What an operation comes to once its fragments have been put in where it spreads them. */
export interface OperationSize {
  /** Levels of fields within fields, and of an argument's lists and objects below its field. */
  depth: number
  /** Fields that are given another name, `__typename` among them. */
  aliases: number
  directives: number
  /** Fields, and places of fragments; a field said for the nth time counts n, as validation compares it with each other. */
  selections: number
}

/**
 * The greatest sizes among a document's operations and fragments. In one pass without the schema, and linear in the
 * document: each fragment is measured once, however often it is spread.
 * @throws GraphQLError on a fragment that contains itself
 */
export function sizeOf({ definitions }: DocumentNode): OperationSize {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const measured = new Map<FragmentDefinitionNode, OperationSize | 'under way'>()

  function ofFragment(fragment: FragmentDefinitionNode): OperationSize {
    const known = measured.get(fragment)
    if (known === 'under way') throw circular(fragment)
    if (known) return known
    measured.set(fragment, 'under way')
    const size = ofSelections(fragment.selectionSet)
    addDirectives(size, fragment.directives)
    measured.set(fragment, size)
    return size
  }

  /** @param said how often each field has been, in the selections around an inline fragment as well */
  function ofSelections({ selections }: SelectionSetNode, said = new Map<string, number>()): OperationSize {
    const size = nothing()
    for (const selection of selections) {
      addDirectives(size, selection.directives)
      addSelection(size, selection, said)
    }
    return size
  }

  function addSelection(size: OperationSize, selection: SelectionNode, said: Map<string, number>): void {
    switch (selection.kind) {
      case Kind.FIELD: {
        const name = (selection.alias ?? selection.name).value
        const times = (said.get(name) ?? 0) + 1
        said.set(name, times)
        size.selections += times
        if (selection.alias) size.aliases++
        const values = (selection.arguments ?? []).map(({ value }) => depthOfValue(value))
        size.depth = Math.max(size.depth, 1 + Math.max(0, ...values))
        if (selection.selectionSet) add(size, ofSelections(selection.selectionSet), 1)
        return
      }
      case Kind.INLINE_FRAGMENT:
        size.selections++
        add(size, ofSelections(selection.selectionSet, said))
        return
      case Kind.FRAGMENT_SPREAD: {
        size.selections++
        const fragment = fragments.get(selection.name.value)
        if (fragment) add(size, ofFragment(fragment))
      }
    }
  }

  const greatest = nothing()
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      takeGreater(greatest, ofFragment(definition))
    } else if (definition.kind === Kind.OPERATION_DEFINITION) {
      const size = ofSelections(definition.selectionSet)
      addDirectives(size, definition.directives)
      for (const { directives, defaultValue, type } of definition.variableDefinitions ?? []) {
        addDirectives(size, directives)
        size.depth = Math.max(size.depth, depthOfType(type), defaultValue ? depthOfValue(defaultValue) : 0)
      }
      takeGreater(greatest, size)
    }
  }
  return greatest
}

function nothing(): OperationSize {
  return { depth: 0, aliases: 0, directives: 0, selections: 0 }
}

/** @param levels that the part lies below the whole */
function add(whole: OperationSize, part: OperationSize, levels = 0): void {
  whole.depth = Math.max(whole.depth, part.depth + levels)
  whole.aliases += part.aliases
  whole.directives += part.directives
  whole.selections += part.selections
}

function addDirectives(size: OperationSize, directives: readonly DirectiveNode[] = []): void {
  size.directives += directives.length
  for (const { arguments: given = [] } of directives) {
    for (const { value } of given) size.depth = Math.max(size.depth, depthOfValue(value))
  }
}

function takeGreater(greatest: OperationSize, size: OperationSize): void {
  for (const limit of Object.keys(greatest) as (keyof OperationSize)[]) {
    greatest[limit] = Math.max(greatest[limit], size[limit])
  }
}

function depthOfValue(value: ValueNode): number {
  if (value.kind === Kind.LIST) return 1 + value.values.reduce((most, item) => Math.max(most, depthOfValue(item)), 0)
  if (value.kind !== Kind.OBJECT) return 0
  return 1 + value.fields.reduce((most, field) => Math.max(most, depthOfValue(field.value)), 0)
}

function depthOfType(type: TypeNode): number {
  return type.kind === Kind.NAMED_TYPE ? 0 : 1 + depthOfType(type.type)
}

function circular(fragment: FragmentDefinitionNode): GraphQLError {
  const message = `The fragment ${fragment.name.value} contains itself: spread it somewhere else.`
  return new GraphQLError(message, { nodes: fragment, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })
}
