import { v4 as uuid } from 'uuid'
import { createObservable, type Observable } from '../client/observable.ts'
import type { Session } from '../session/session.ts'
import { UploadError, upload } from './upload.ts'

const MOST_AT_ONCE = 3 // within what the server takes of one user

export interface Upload {
  id: string
  /** With whose draft it goes: a group's id, or a user's. */
  placeId: string
  name: string
  /** To show while it goes up; null where it is no picture. */
  preview: string | null
  /** 0 to 1 */
  progress: number
  url: string | null
  fault: { text: string; isPassing: boolean } | null
}

export interface Uploads {
  readonly items: Observable<readonly Upload[]>
  add(placeId: string, files: Iterable<File>): void
  retry(id: string): void
  /** Those still under way are given up. */
  remove(ids: readonly string[]): void
  close(): void
}

/** Files on their way up, for the messages that are being written, whichever conversation is looked at. */
export function createUploads(session: Session): Uploads {
  const items = createObservable<readonly Upload[]>([])
  const waiting: { id: string; file: File }[] = []
  const running = new Map<string, AbortController>()
  const failed = new Map<string, File>()

  function change(id: string, part: Partial<Upload>): void {
    items.set(items.get().map((item) => (item.id === id ? { ...item, ...part } : item)))
  }

  function startNext(): void {
    const next = running.size < MOST_AT_ONCE ? waiting.shift() : undefined
    if (!next) return
    const { id, file } = next
    const controller = new AbortController()
    running.set(id, controller)
    upload(session, file, (progress) => change(id, { progress }), controller.signal)
      .then(
        (url) => change(id, { url, progress: 1 }),
        (error: Error) => {
          const isPassing = error instanceof UploadError && error.isPassing
          if (isPassing && !controller.signal.aborted) failed.set(id, file)
          change(id, { fault: { text: error.message, isPassing } })
        },
      )
      .finally(() => {
        running.delete(id)
        startNext()
      })
    startNext()
  }

  function remove(ids: readonly string[]): void {
    const gone = items.get().filter(({ id }) => ids.includes(id))
    items.set(items.get().filter((item) => !gone.includes(item)))
    for (const { id, preview } of gone) {
      const index = waiting.findIndex((one) => one.id === id)
      if (index >= 0) waiting.splice(index, 1)
      running.get(id)?.abort()
      failed.delete(id)
      if (preview) URL.revokeObjectURL(preview)
    }
  }

  return {
    items,
    add(placeId, files) {
      for (const file of files) {
        const id = uuid()
        const preview = file.type.startsWith('image/') ? URL.createObjectURL(file) : null
        const item = { id, placeId, name: file.name, preview, progress: 0, url: null, fault: null }
        items.set([...items.get(), item])
        waiting.push({ id, file })
      }
      startNext()
    },
    retry(id) {
      const file = failed.get(id)
      if (!file) return
      failed.delete(id)
      change(id, { fault: null, progress: 0 })
      waiting.push({ id, file })
      startNext()
    },
    remove,
    close: () => remove(items.get().map(({ id }) => id)),
  }
}
