import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLInterfaceType,
  type GraphQLNamedType,
  GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  getOperationAST,
  isCompositeType,
  isIntrospectionType,
  isListType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  type ValueNode,
} from 'graphql'
import { DEFAULT_PAGE, LARGEST_PAGE } from './pages.ts'
import { type Cost, multiply, sum, type Variables, valueAt } from './variable-cost.ts'

/** The `extensions` of a mutation that hashes passwords, which takes a core for a while: few fit into an operation. */
export const passwordCost = { cost: 5_000 } as const

/** The `extensions` of a field that searches through much, whatever it finds. */
export const searchCost = { cost: 500 } as const

const MUTATION_COST = 1_000 // a durable change, and word of it to all who listen
const SHORT_LIST = 5 // what a list is taken to have where nobody says, and it has no pages
const INTROSPECTED_LIST = 2 // what a type has of fields, a field of arguments, and so on, about

/**
 * What an operation may cost, in objects that it reads, as GitHub counts them: pages multiply what is on them, and a
 * few fields cost more. graphql-query-complexity computes the like, but walks every document anew for each execution,
 * and each fragment as often as it is spread.
 * @returns for a valid operation and its variables as they came; what can't be executed costs nothing
 */
export function createCostMeter(schema: GraphQLSchema) {
  const costs = new WeakMap<OperationDefinitionNode, Cost>()

  return function costOf(document: DocumentNode, operationName: string | null | undefined, variables: Variables) {
    const operation = getOperationAST(document, operationName)
    if (!operation) return 0
    let cost = costs.get(operation)
    if (cost === undefined) {
      cost = costOfOperation(schema, document, operation)
      costs.set(operation, cost)
    }
    return valueAt(cost, variables)
  }
}

function costOfOperation(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Cost {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const known = new Map<FragmentDefinitionNode, Cost>()
  const defaults = new Map((operation.variableDefinitions ?? []).map((node) => [node.variable.name.value, node]))
  const typeOf = (name: string) => schema.getType(name)

  function ofSelections({ selections }: SelectionSetNode, parent: GraphQLNamedType | null | undefined): Cost {
    return sum(
      selections.map((selection) => {
        if (selection.kind === Kind.FIELD) return ofField(selection, parent)
        if (selection.kind === Kind.FRAGMENT_SPREAD) return ofFragment(fragments.get(selection.name.value))
        const { typeCondition, selectionSet } = selection
        return ofSelections(selectionSet, typeCondition ? typeOf(typeCondition.name.value) : parent)
      }),
    )
  }

  function ofFragment(fragment: FragmentDefinitionNode | undefined): Cost {
    if (!fragment) return 0
    const cost = known.get(fragment) ?? ofSelections(fragment.selectionSet, typeOf(fragment.typeCondition.name.value))
    known.set(fragment, cost)
    return cost
  }

  function ofField(node: FieldNode, parent: GraphQLNamedType | null | undefined): Cost {
    const field = fieldOf(schema, parent, node.name.value)
    if (!field) return 0
    const type = getNamedType(field.type)
    const own = (field.extensions['cost'] as number) ?? (parent === schema.getMutationType() ? MUTATION_COST : 0)
    if (!isCompositeType(type)) return own
    const each = sum([isWrapper(type) ? 0 : 1, node.selectionSet ? ofSelections(node.selectionSet, type) : 0])
    return sum([own, multiply(countOf(node, field, parent), each)])
  }

  /** How many objects a field brings. */
  function countOf(node: FieldNode, field: Field, parent: GraphQLNamedType | null | undefined): Cost {
    if (field.args.some(({ name }) => name === 'first')) {
      const unlessTold = isWrapper(getNamedType(field.type)) ? DEFAULT_PAGE : SHORT_LIST
      return counted([argument(node, 'first'), argument(node, 'last')], ([first, last]) =>
        pageSize(first ?? last, unlessTold),
      )
    }
    if (!isListType(getNullableType(field.type)) || isWrapper(parent)) return 1
    const asked = field.args.find(({ type }) => isListType(getNullableType(type)))
    if (asked) return counted([argument(node, asked.name)], ([items]) => listLength(items))
    return parent && isIntrospectionType(parent) ? introspected(schema, field.name) : SHORT_LIST
  }

  function argument(node: FieldNode, name: string): ValueNode | undefined {
    return node.arguments?.find((given) => given.name.value === name)?.value
  }

  /** What is counted from arguments, at once where they are no variables. */
  function counted(nodes: (ValueNode | undefined)[], count: (values: unknown[]) => number): Cost {
    const read = (variables: Variables) => count(nodes.map((node) => node && argumentOf(node, variables)))
    return nodes.some((node) => node?.kind === Kind.VARIABLE) ? read : read(null)
  }

  function argumentOf(node: ValueNode, variables: Variables): unknown {
    if (node.kind === Kind.INT) return Number(node.value)
    if (node.kind === Kind.LIST) return node.values
    if (node.kind !== Kind.VARIABLE) return undefined
    const name = node.name.value
    const given = variables && Object.hasOwn(variables, name) ? variables[name] : undefined
    if (given !== undefined) return given
    const otherwise = defaults.get(name)?.defaultValue
    return otherwise && argumentOf(otherwise, null)
  }

  return ofSelections(operation.selectionSet, schema.getRootType(operation.operation))
}

type Field = ReturnType<GraphQLObjectType['getFields']>[string]

function fieldOf(schema: GraphQLSchema, parent: GraphQLNamedType | null | undefined, name: string): Field | undefined {
  if (parent === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef
  }
  const hasFields = parent instanceof GraphQLObjectType || parent instanceof GraphQLInterfaceType
  return hasFields ? parent.getFields()[name] : undefined
}

/** What lies between a list and what is in it, and costs nothing. */
function isWrapper(type: GraphQLNamedType | null | undefined): boolean {
  return type !== null && type !== undefined && /(Connection|Edge|^PageInfo)$/.test(type.name)
}

/** @returns no more than the field itself will take */
function pageSize(asked: unknown, unlessTold: number): number {
  return typeof asked === 'number' ? Math.min(Math.max(asked, 0), LARGEST_PAGE) : unlessTold
}

function listLength(items: unknown): number {
  return Array.isArray(items) ? Math.min(items.length, LARGEST_PAGE) : 1
}

/** All types, and of the rest what a type has of it. */
function introspected(schema: GraphQLSchema, list: string): number {
  return list === 'types' ? Object.keys(schema.getTypeMap()).length : INTROSPECTED_LIST
}
