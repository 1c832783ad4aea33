import { type InputHTMLAttributes, useId } from 'react'
import './field.css'

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  label: string
}

/** A line of input below its label. */
export function Field({ label, ...rest }: Props) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} {...rest} />
    </div>
  )
}
