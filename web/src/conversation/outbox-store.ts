import type { Outgoing } from './outbox.ts'

/** What is to be sent, kept on the device. Each message has an entry of its own, so that tabs don't overwrite each other's. */
export function openBox(prefix: string) {
  return {
    all(): Outgoing[] {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix))
      const items: Outgoing[] = keys.map((key) => JSON.parse(localStorage.getItem(key) ?? ''))
      return items.toSorted(inOrder)
    },
    keep(item: Outgoing): void {
      try {
        localStorage.setItem(prefix + item.clientId, JSON.stringify(item))
      } catch {
        // A device that is full keeps it for as long as the page is open.
      }
    },
    remove: (clientId: string): void => localStorage.removeItem(prefix + clientId),
    /** Tells what another tab has removed. @returns how to hear no more */
    watchRemovals(onRemoved: (clientId: string) => void): () => void {
      const changed = ({ key, newValue }: StorageEvent) => {
        if (newValue === null && key?.startsWith(prefix)) onRemoved(key.slice(prefix.length))
      }
      window.addEventListener('storage', changed)
      return () => window.removeEventListener('storage', changed)
    },
  }
}

export function inOrder(a: Outgoing, b: Outgoing): number {
  return a.clientId < b.clientId ? -1 : 1
}
