import { GraphQLError, NoSchemaIntrospectionCustomRule, specifiedRules, validate } from 'graphql'
import type { Plugin } from 'graphql-yoga'

/** Keeps the schema to itself: neither says what it is when asked, nor in a complaint what somebody may have meant. */
export function useHiddenSchema(): Plugin {
  return {
    onValidate({ setValidationFn }) {
      const validateQuietly: typeof validate = (schema, document, rules = specifiedRules, options) =>
        validate(schema, document, [...rules, NoSchemaIntrospectionCustomRule], { ...options, hideSuggestions: true })
      setValidationFn(validateQuietly)
    },
  }
}

/** The same error without GraphQL's guess, which Yoga's executor gives of variables whatever it is told. */
export function withoutSuggestion(error: GraphQLError): GraphQLError {
  const message = error.message.replace(/ Did you mean .*\?$/s, '')
  if (message === error.message) return error
  const { nodes = null, source = null, positions = null, path = null, extensions } = error
  return new GraphQLError(message, { nodes, source, positions, path, extensions })
}
