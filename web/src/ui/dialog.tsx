import { type PointerEvent, type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { IconButton } from './button.tsx'
import { Icon } from './icon.tsx'
import './dialog.css'

interface Props {
  title: string
  onClose: () => void
  children: ReactNode
}

/** Over the page, for as long as it is there; the focus goes back to where it was. */
export function Dialog({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const isPressedBeside = useRef(false)
  // What is in it can take the focus only once it is open.
  const [isOpen, setIsOpen] = useState(false)
  const heading = useId()
  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    setIsOpen(true)
    return () => element?.close()
  }, [])

  // Not where a text was selected beyond its edge.
  function press({ type, target, currentTarget }: PointerEvent | React.MouseEvent): void {
    const isBeside = target === currentTarget
    if (type === 'click' && isBeside && isPressedBeside.current) onClose()
    isPressedBeside.current = isBeside
  }

  return createPortal(
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={heading}
      onPointerDown={press}
      onClick={press}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <header>
        <h2 id={heading} dir="auto">
          {title}
        </h2>
        <IconButton label="Close" onClick={onClose}>
          <Icon name="close" />
        </IconButton>
      </header>
      <div className="dialog-content">{isOpen && children}</div>
    </dialog>,
    document.body,
  )
}
