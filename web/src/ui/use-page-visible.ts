import { useSyncExternalStore } from 'react'

/** Whether the page is in sight and has the focus. */
export function usePageVisible(): boolean {
  return useSyncExternalStore(subscribe, () => !document.hidden && document.hasFocus())
}

function subscribe(onChange: () => void): () => void {
  document.addEventListener('visibilitychange', onChange)
  window.addEventListener('focus', onChange)
  window.addEventListener('blur', onChange)
  return () => {
    document.removeEventListener('visibilitychange', onChange)
    window.removeEventListener('focus', onChange)
    window.removeEventListener('blur', onChange)
  }
}
