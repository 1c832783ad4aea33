import { type ExecutionArgs, NoSchemaIntrospectionCustomRule, specifiedRules, validate } from 'graphql'
import type { Plugin } from 'graphql-yoga'

/** Keeps the schema to itself: neither says what it is when asked, nor in an error what somebody may have meant. */
export function useHiddenSchema(): Plugin {
  return {
    onValidate({ setValidationFn }) {
      const validateQuietly: typeof validate = (schema, document, rules = specifiedRules, options) =>
        validate(schema, document, [...rules, NoSchemaIntrospectionCustomRule], { ...options, hideSuggestions: true })
      setValidationFn(validateQuietly)
    },
    onExecute: ({ args }) => hideSuggestions(args),
    onSubscribe: ({ args }) => hideSuggestions(args),
  }
}

function hideSuggestions(args: ExecutionArgs): void {
  args.hideSuggestions = true
}
