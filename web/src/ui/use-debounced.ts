import { useEffect, useState } from 'react'

/** The value once it has stayed the same that long. @param pause ms */
export function useDebounced<T>(value: T, pause = 200): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pause)
    return () => clearTimeout(timer)
  }, [value, pause])
  return settled
}
