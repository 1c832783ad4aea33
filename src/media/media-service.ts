import { randomBytes } from 'node:crypto'
import type { Viewer } from '../auth/viewer.ts'
import type { Database } from '../database/database.ts'
import { badInput, ChatError, rateLimited } from '../errors.ts'
import { type Media, Prisma } from '../generated/prisma/client.ts'
import type { Limits } from '../limits.ts'
import { createDatabaseStore } from './database-store.ts'
import { createFolderStore } from './folder-store.ts'
import { openMediaFiles, type ReceivedFile } from './media-files.ts'
import { cleanName } from './media-name.ts'
import { requireRoom } from './media-quota.ts'
import { CHECK_INTERVAL, sweepMedia } from './media-sweep.ts'
import { imageDimensions, sniffType } from './media-types.ts'

const SWEEP_INTERVAL = 3_600_000 // ms
const RETRY_AFTER = 5 // seconds

/** Uploaded files: what messages and people show. */
export interface MediaService {
  /** Where the files lie, each under its id, once they have been provided. */
  readonly folder: string
  /**
   * Stores a file durably. Leaves nothing where it rejects, with what the body throws, say.
   * @param name that the file had
   * @throws ChatError REQUEST_ENTITY_TOO_LARGE; UNSUPPORTED_MEDIA_TYPE; BAD_USER_INPUT where it is empty;
   *   RATE_LIMITED where this user has too many uploads under way
   */
  upload(viewer: Viewer, body: AsyncIterable<Buffer>, name: string | null): Promise<Media>
  find(id: string): Promise<Media | null>
  /**
   * Resolves when the file lies in the folder.
   * @throws ChatError NOT_FOUND where it is gone
   */
  provide(media: Media): Promise<void>
  /** Deletes what is due and unused. @returns how many files */
  sweep(now?: Date): Promise<number>
  /** Sweeps now, and each hour. @param onError hears of a sweep that failed; the next one does its work */
  startSweeping(onError: (error: unknown) => void): void
  /** Resolves when the uploads under way have ended, and the step of a sweep. */
  close(): Promise<void>
}

/**
 * @param deps.folder for all uploads, which all nodes share; or, where the database holds them, for this node's copies
 * @throws StartError where the folder can't be written
 */
export async function createMediaService(deps: {
  database: Database
  folder: string
  isInDatabase: boolean
  limits: Limits
}): Promise<MediaService> {
  const { database, folder, isInDatabase, limits } = deps
  const files = await openMediaFiles(folder, database.provider === 'postgresql')
  const uploads = new Map<string, number>()
  const running = new Set<Promise<unknown>>()
  const closing = new AbortController()
  const { signal } = closing
  const bytesPerUser = limits.mediaBytesPerUser
  const store = isInDatabase
    ? createDatabaseStore({ database, files, bytesPerUser, signal })
    : createFolderStore(database, files, bytesPerUser)
  let timer: NodeJS.Timeout | undefined

  function track<T>(work: Promise<T>): Promise<T> {
    const settled = work.then(
      () => {},
      () => {},
    )
    running.add(settled)
    void settled.then(() => running.delete(settled))
    return work
  }

  async function keep(viewer: Viewer, received: ReceivedFile, name: string | null): Promise<Media> {
    const { size, head } = received
    if (size === 0) throw badInput('body', 'The file is empty: send its bytes as the body of the request.')
    const type = await sniffType(head)
    if (!type) throw unsupported()
    const createdAt = new Date()
    const media: Media = {
      ...type,
      ...imageDimensions(head),
      id: randomBytes(16).toString('hex'),
      userId: viewer.userId,
      name: cleanName(name, type),
      size,
      createdAt,
      checkAt: new Date(createdAt.getTime() + CHECK_INTERVAL),
      removedAt: null,
    }
    await store.add(media, received)
    return media
  }

  async function upload(viewer: Viewer, body: AsyncIterable<Buffer>, name: string | null): Promise<Media> {
    const { userId } = viewer
    const underWay = uploads.get(userId) ?? 0
    if (underWay >= limits.uploadsPerUser) {
      throw rateLimited(
        `One user may have ${limits.uploadsPerUser} uploads under way: wait for one.`,
        RETRY_AFTER,
        'uploadsPerUser',
      )
    }
    uploads.set(userId, underWay + 1)
    try {
      // Before he sends all of it for nothing.
      await requireRoom(database.readSql, { userId, size: 1 }, bytesPerUser)
      const received = await files.receive(body, limits.mediaBytes)
      try {
        return await keep(viewer, received, name)
      } finally {
        await received.discard()
      }
    } finally {
      const left = (uploads.get(userId) ?? 1) - 1
      if (left > 0) uploads.set(userId, left)
      else uploads.delete(userId)
    }
  }

  async function sweep(now: Date): Promise<number> {
    const swept = await sweepMedia(database, files, now, signal)
    await store.tidy()
    await files.removeAbandoned()
    return swept
  }

  return {
    folder: files.folder,
    upload: (viewer, body, name) => track(upload(viewer, body, name)),
    async find(id) {
      const [media] = await database.readSql.all<Media>(
        Prisma.sql`SELECT * FROM "Media" WHERE "id" = ${id} AND "removedAt" IS NULL`,
      )
      return media ?? null
    },
    provide: (media) => track(store.provide(media)),
    sweep: (now = new Date()) => track(sweep(now)),
    startSweeping(onError) {
      const start = () => void track(sweep(new Date())).catch(onError)
      timer = setInterval(start, SWEEP_INTERVAL).unref()
      start()
    },
    async close() {
      clearInterval(timer)
      closing.abort()
      await Promise.all(running)
    },
  }
}

function unsupported() {
  return new ChatError(
    'UNSUPPORTED_MEDIA_TYPE',
    'Only images, films, sounds, PDF, office documents without macros, archives and plain text in UTF-8 can be uploaded; no programs, HTML or SVG.',
  )
}
