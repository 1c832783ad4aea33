/** It comes without types: what is used of it. */
declare module 'pino-roll' {
  import type { EventEmitter } from 'node:events'

  interface RolledFile extends EventEmitter<{ error: [Error]; write: [number]; ready: []; close: [] }> {
    /** Negative before it is open. */
    readonly fd: number
    write(data: string): boolean
    end(): void
  }

  export = roll
  function roll(options: {
    file: string
    /** A number and `b`, `k`, `m` or `g`. */
    size: string
    limit?: { count: number; removeOtherLogFiles: boolean }
    mkdir: boolean
    sync: boolean
    maxLength: number
  }): Promise<RolledFile>
}
