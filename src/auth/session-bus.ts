/** What sessions need of the bus. */
export interface SessionBus {
  publish(channel: 'sessions', event: { type: 'sessionsEnded'; sessionIds: string[] }): void
  /** Once `ready` resolves, every later event arrives. */
  subscribe(
    channel: 'sessions',
    listener: (event: { type: string; sessionIds?: string[] }) => void,
  ): { readonly ready: Promise<void>; close(): void }
}
