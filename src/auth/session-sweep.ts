import type { Database } from '../database/database.ts'
import { Prisma } from '../generated/prisma/client.ts'

const INTERVAL = 3_600_000 // ms
const STEP = 100 // sessions that go in one transaction, with thousands of tokens each, so that no message waits for long

export interface SessionSweep {
  /** Resolves when the step under way has ended. */
  close(): Promise<void>
}

/**
 * Deletes the expired sessions now, and each hour those that have expired by then.
 * @param onFault hears of a later sweep that failed; the next one does its work
 */
export async function startSessionSweep(
  { writeSql }: Pick<Database, 'writeSql'>,
  onFault: (error: unknown) => void,
): Promise<SessionSweep> {
  let isClosing = false

  async function sweep(): Promise<void> {
    const now = new Date()
    let deleted: number
    do {
      deleted = await writeSql((sql) =>
        // Asked of each once more: PostgreSQL may have waited for one that was being refreshed.
        sql.run(Prisma.sql`DELETE FROM "Session" WHERE "expiresAt" <= ${now} AND "id" IN
          (SELECT "id" FROM "Session" WHERE "expiresAt" <= ${now} ORDER BY "expiresAt" LIMIT ${STEP})`),
      )
    } while (deleted === STEP && !isClosing)
  }

  await sweep()
  let sweeping = Promise.resolve()
  const timer = setInterval(() => {
    sweeping = sweeping.then(sweep).catch(onFault)
  }, INTERVAL).unref()

  return {
    async close() {
      isClosing = true
      clearInterval(timer)
      await sweeping
    },
  }
}
