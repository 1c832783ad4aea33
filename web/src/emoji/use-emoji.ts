import { useCallback, useEffect, useState } from 'react'
import { type EmojiGroup, loadEmoji } from './emoji.ts'

/** All emoji, null until they are here. */
export function useEmoji() {
  const [groups, setGroups] = useState<readonly EmojiGroup[] | null>(null)
  const [hasFailed, setHasFailed] = useState(false)
  const load = useCallback(() => {
    setHasFailed(false)
    loadEmoji().then(setGroups, () => setHasFailed(true))
  }, [])
  useEffect(load, [load])
  return { groups, hasFailed, load }
}
