import { useEffect, useState } from 'react'
import { useChat } from './chat.ts'
import { useObservable } from './client/observable.ts'

const PATIENCE = 1_500 // ms that a connection may take without a word of it

/** Says quietly that the page is cut off, while it comes back by itself. */
export function ConnectionLine() {
  const { line } = useChat()
  const isUp = useObservable(line.isUp)
  const [isLate, setIsLate] = useState(false)
  useEffect(() => {
    if (isUp) return setIsLate(false)
    const timer = setTimeout(() => setIsLate(true), PATIENCE)
    return () => clearTimeout(timer)
  }, [isUp])
  return (
    <div role="status">
      {isLate && <p className="connection-line">Not connected. Trying again; what you write is sent then.</p>}
    </div>
  )
}
