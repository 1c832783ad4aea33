import { useState } from 'react'
import { Button } from './button.tsx'

interface Props {
  label: string
  /** What it says once it was pressed, to be pressed again. */
  sureLabel: string
  disabled?: boolean
  onSure: () => void
}

/** For what can't be undone: it takes two presses, with nothing in between. A double click is one. */
export function SureButton({ label, sureLabel, disabled, onSure }: Props) {
  const [isAsking, setIsAsking] = useState(false)
  return (
    <Button
      kind="danger"
      disabled={disabled}
      onBlur={() => setIsAsking(false)}
      onClick={({ detail }) => {
        if (detail > 1) return
        setIsAsking(!isAsking)
        if (isAsking) onSure()
      }}
    >
      {isAsking ? sureLabel : label}
    </Button>
  )
}
