import {
  type DocumentNode,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'

/**
 * The `extensions` of each field whose value depends on who asks: a subscription that selects one is
 * executed for every viewer by himself.
 */
export const viewerDependent = { viewerDependent: true } as const

/** What a subscription's result depends on, besides the event that it tells of. */
export interface Dependence {
  /** Whether it selects a field that depends on who asks, under whatever condition. */
  onViewer: boolean
  /** The variables used anywhere but in its root field's arguments, which say what to listen to, not what to tell. */
  onVariables: readonly string[]
}

/** @param document valid against the schema */
export function dependenceOf(schema: GraphQLSchema, document: DocumentNode): Dependence {
  const types = new TypeInfo(schema)
  const onVariables = new Set<string>()
  let onViewer = false
  visit(
    document,
    visitWithTypeInfo(types, {
      Field({ name }) {
        onViewer ||= dependsOnViewer(schema, types, name.value)
      },
      VariableDefinition: () => false,
      Argument() {
        const isOfRootField = types.getParentType() === schema.getSubscriptionType() && !types.getDirective()
        return isOfRootField ? false : undefined
      },
      Variable({ name }) {
        onVariables.add(name.value)
      },
    }),
  )
  return { onViewer, onVariables: [...onVariables].sort() }
}

/** An interface's field is each of its types' own. */
function dependsOnViewer(schema: GraphQLSchema, types: TypeInfo, field: string): boolean {
  const parent = types.getParentType()
  const owners = parent && isAbstractType(parent) ? [parent, ...schema.getPossibleTypes(parent)] : [parent]
  return owners.some(
    (type) =>
      (isObjectType(type) || isInterfaceType(type)) && type.getFields()[field]?.extensions['viewerDependent'] === true,
  )
}
