import { type InputHTMLAttributes, type TextareaHTMLAttributes, useId } from 'react'
import './field.css'

interface Labelled {
  label: string
  /** What is taken, for who is about to fill it in. */
  hint?: string
}

/** A line of input below its label. */
export function Field({ label, hint, ...rest }: InputHTMLAttributes<HTMLInputElement> & Labelled) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} aria-describedby={hint && `${id}hint`} {...rest} />
      {hint && <small id={`${id}hint`}>{hint}</small>}
    </div>
  )
}

/** Some lines of input below their label. */
export function TextField({ label, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement> & Omit<Labelled, 'hint'>) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea id={id} rows={2} {...rest} />
    </div>
  )
}
