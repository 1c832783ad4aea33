import { useChat } from './chat.ts'
import { useObservable } from './client/observable.ts'
import { IconButton } from './ui/button.tsx'
import { Icon } from './ui/icon.tsx'

/** Says why what was asked for last has not been done. */
export function FailureLine() {
  const { failure } = useChat()
  const text = useObservable(failure)
  return (
    <div role="alert">
      {text && (
        <p className="failure-line">
          <Icon name="warning" size={15} />
          <span>That was not done. {text}</span>
          <IconButton label="Close" onClick={() => failure.set(null)}>
            <Icon name="close" size={15} />
          </IconButton>
        </p>
      )}
    </div>
  )
}
