/** Those of an operation, as they came. */
export type Variables = Readonly<Record<string, unknown>> | null | undefined

/** A number where it is known beforehand; else what it is for these variables. */
export type Cost = number | ((variables: Variables) => number)

export function sum(costs: readonly Cost[]): Cost {
  const variable = costs.filter((cost) => typeof cost === 'function')
  const constant = costs.reduce<number>((total, cost) => total + (typeof cost === 'number' ? cost : 0), 0)
  if (variable.length === 0) return constant
  return (variables) => variable.reduce((total, cost) => total + cost(variables), constant)
}

export function multiply(one: Cost, other: Cost): Cost {
  if (typeof one === 'number' && typeof other === 'number') return one * other
  return (variables) => valueAt(one, variables) * valueAt(other, variables)
}

export function valueAt(cost: Cost, variables: Variables): number {
  return typeof cost === 'number' ? cost : cost(variables)
}
