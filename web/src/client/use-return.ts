import { useEffect } from 'react'
import { useChat } from '../chat.ts'

/** Calls back whenever the page is connected again after it was cut off. */
export function useReturn(onReturn: () => void): void {
  const { line } = useChat()
  useEffect(() => {
    let hasBeenUp = line.isUp.get()
    return line.isUp.subscribe(() => {
      if (!line.isUp.get()) return
      if (hasBeenUp) onReturn()
      hasBeenUp = true
    })
  }, [line, onReturn])
}
