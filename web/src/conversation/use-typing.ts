import { useCallback, useRef } from 'react'
import { useMutation } from 'urql'
import { SetTyping } from './message-operations.ts'

const REPEAT = 3_000 // ms

/** Tells the others that the viewer writes, and that he has stopped. @returns what to call with each change of the text */
export function useTyping(conversationId: string | null): (text: string) => void {
  const [, setTyping] = useMutation(SetTyping)
  const told = useRef(0)
  return useCallback(
    (text) => {
      if (!conversationId) return
      const isTyping = text.trim() !== ''
      if (isTyping ? Date.now() - told.current < REPEAT : told.current === 0) return
      told.current = isTyping ? Date.now() : 0
      void setTyping({ input: { conversationId, typing: isTyping } })
    },
    [conversationId, setTyping],
  )
}
