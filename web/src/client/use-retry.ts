import { useEffect } from 'react'
import type { CombinedError } from 'urql'
import { isPassing } from './errors.ts'
import { waitForNetwork } from './live-line.ts'

const WAIT = 3_000 // ms

/** Tries again for as long as what went wrong may pass by itself. */
export function useRetry(error: CombinedError | null | undefined, retry: () => void): void {
  useEffect(() => {
    if (!error || !isPassing(error)) return
    let isOver = false
    void waitForNetwork(WAIT).then(() => {
      if (!isOver) retry()
    })
    return () => {
      isOver = true
    }
  }, [error, retry])
}
