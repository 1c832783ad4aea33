import { useCallback } from 'react'
import { type AnyVariables, type OperationResult, type TypedDocumentNode, useMutation } from 'urql'
import { useChat } from '../chat.ts'
import { messageOf } from './errors.ts'

/** A mutation that nothing on the page waits for: where it fails, a line says so. */
export function useAction<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
): (variables: Variables) => Promise<OperationResult<Data, Variables>> {
  const { failure } = useChat()
  const [, run] = useMutation(document)
  return useCallback(
    async (variables) => {
      const result = await run(variables)
      failure.set(result.error ? messageOf(result.error) : null)
      return result
    },
    [run, failure],
  )
}
