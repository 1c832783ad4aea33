import { type KeyboardEvent, type ReactNode, useId } from 'react'
import { flushSync } from 'react-dom'
import './tabs.css'

interface Props<Name extends string> {
  tabs: Record<Name, string>
  selected: Name
  onSelect: (name: Name) => void
  children: ReactNode
}

export function Tabs<Name extends string>({ tabs, selected, onSelect, children }: Props<Name>) {
  const id = useId()
  const names = Object.keys(tabs) as Name[]

  function move(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const next = step && names[(names.indexOf(selected) + step + names.length) % names.length]
    if (!next) return
    // A field that takes the focus as it appears does so first.
    flushSync(() => onSelect(next))
    document.getElementById(`${id}${next}`)?.focus()
  }

  return (
    <>
      <div className="tabs" role="tablist" onKeyDown={move}>
        {names.map((name) => (
          <button
            key={name}
            id={`${id}${name}`}
            type="button"
            role="tab"
            aria-selected={name === selected}
            aria-controls={`${id}panel`}
            tabIndex={name === selected ? 0 : -1}
            onClick={() => onSelect(name)}
          >
            {tabs[name]}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}panel`} aria-labelledby={`${id}${selected}`}>
        {children}
      </div>
    </>
  )
}
