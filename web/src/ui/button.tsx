import type { ButtonHTMLAttributes } from 'react'
import './button.css'

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: 'primary' | 'normal' | 'plain' | 'danger' | undefined
}

export function Button({ kind = 'normal', type = 'button', className = '', ...rest }: Props) {
  return <button type={type} className={`button button-${kind} ${className}`} {...rest} />
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** What it does, for who can't see the icon. */
  label: string
}

export function IconButton({ label, className = '', ...rest }: IconButtonProps) {
  return <button type="button" className={`icon-button ${className}`} aria-label={label} title={label} {...rest} />
}
