import { Kind, type OperationDefinitionNode, type OperationTypeNode, parse } from 'graphql'

/** An operation that shows one of the API's. */
export interface Example {
  section: string
  kind: OperationTypeNode
  /** The operation of the API that it shows. */
  field: string
  text: string
  variableNames: string[]
  /** A username, or `anyone`. */
  asker: string
  /** The error's code that he gets; null where it is done. */
  refusal: string | null
}

/** The operations of a story in docs/api, in their order. */
export function readExamples(source: string): Example[] {
  const operations = parse(source).definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  return operations.map((operation) => {
    const before = source.slice(0, operation.loc?.start)
    const [asker = '', refusal = ''] = lastMatch(before, /^# (\w+(?:: \w+)?)$/gm).split(': ')
    return {
      section: lastMatch(before, /^# ## (.+)$/gm),
      kind: operation.operation,
      field: fieldOf(operation),
      text: source.slice(operation.loc?.start, operation.loc?.end),
      variableNames: (operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value),
      asker,
      refusal: refusal || null,
    }
  })
}

function fieldOf({ selectionSet }: OperationDefinitionNode): string {
  const [field] = selectionSet.selections
  return field?.kind === Kind.FIELD ? field.name.value : ''
}

function lastMatch(text: string, pattern: RegExp): string {
  return [...text.matchAll(pattern)].at(-1)?.[1] ?? ''
}
