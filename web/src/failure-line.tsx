import { useChat } from './chat.ts'
import { useObservable } from './client/observable.ts'
import { IconButton } from './ui/button.tsx'
import { Icon } from './ui/icon.tsx'

/** Says why what was asked for last has not been done. */
export function FailureLine() {
  const { failure } = useChat()
  const text = useObservable(failure)
  if (text === null) return null
  return (
    <div className="failure-line">
      <Icon name="warning" size={15} />
      <span role="alert">That was not done. {text}</span>
      <IconButton label="Close" onClick={() => failure.set(null)}>
        <Icon name="close" size={15} />
      </IconButton>
    </div>
  )
}
