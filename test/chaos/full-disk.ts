import { execFileSync } from 'node:child_process'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { COMMAND } from '../support/server-process.ts'
import { temporaryFolder } from '../support/testkit.ts'
import { works } from './means.ts'
import { type MortalServer, startMortalServer } from './mortal-server.ts'

/** A server whose disk can be full. */
export interface CrampedServer {
  server: MortalServer
  fillDisk(): Promise<void>
  freeDisk(): Promise<void>
}

export const canLimitFiles = works('prlimit', '--version')

/** The system lets its process write nothing, to no file. */
export async function startServerWithLimitedFiles(settings: Record<string, string> = {}): Promise<CrampedServer> {
  const server = await startMortalServer({ settings })
  const limit = (bytes: string) => execFileSync('prlimit', [`--pid=${server.process.pid}`, `--fsize=${bytes}:`])
  return {
    server,
    fillDisk: async () => void limit('0'),
    freeDisk: async () => void limit('unlimited'),
  }
}

const DISK = 16 // MB
const OWN_MOUNTS = [['--mount'], ['--user', '--map-root-user', '--mount']].find((flags) =>
  works('unshare', ...flags, 'sh', '-c', 'mount -t tmpfs -o size=1m tmpfs /tmp'),
)

export const canMountDisk = OWN_MOUNTS !== undefined

/** It has a small disk of its own, which goes with it. */
export async function startServerOnSmallDisk(settings: Record<string, string> = {}): Promise<CrampedServer> {
  const disk = join(await temporaryFolder(), 'disk')
  await mkdir(disk)
  const mount = `mount -t tmpfs -o size=${DISK}m tmpfs '${disk}' && cd '${disk}' && exec "$@"`
  const command: [string, ...string[]] = ['unshare', ...(OWN_MOUNTS ?? []), 'sh', '-c', mount, 'sh', ...COMMAND]
  const server = await startMortalServer({ folder: disk, command, settings })
  // Only the process itself sees its disk.
  const ballast = () => `/proc/${server.process.pid}/root${disk}/ballast`
  return {
    server,
    async fillDisk() {
      const file = await open(ballast(), 'w')
      const block = Buffer.alloc(4_096)
      try {
        for (;;) await file.write(block)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      } finally {
        await file.close()
      }
    },
    freeDisk: () => rm(ballast()),
  }
}
