import { useMemo } from 'react'
import { useChat } from '../chat.ts'
import { useObservable } from '../client/observable.ts'

/** The files that go with the draft of a place, kept while another one is open. */
export function useUploads(placeId: string) {
  const { uploads } = useChat()
  const all = useObservable(uploads.items)
  return useMemo(
    () => ({
      uploads: all.filter((one) => one.placeId === placeId),
      add: (files: Iterable<File>) => uploads.add(placeId, files),
      retry: uploads.retry,
      remove: uploads.remove,
    }),
    [all, placeId, uploads],
  )
}
