import { createHash } from 'node:crypto'
import Tinypool from 'tinypool'
import type { Database } from '../database/database.ts'
import { badInput, ChatError } from '../errors.ts'
import { type Password, Prisma } from '../generated/prisma/client.ts'
import type { LoginGuard, PasswordSource } from '../rates/login-guard.ts'
import { isStorable } from '../text.ts'

const SHORTEST = 8 // bytes
const LONGEST = 72 // bytes: bcrypt reads no further
const THREADS = 2
const IDLE_TIMEOUT = 60_000 // ms that a thread waits for the next password
const LONGEST_QUEUE = 200 // passwords: some eight seconds' work; half of it is kept for those who are known

/** Compared with where there is no hash, at the cost of others, so that the time doesn't tell. */
const NO_HASH = '9RKqJG9H9/OBDUOKE3kK8Ou/ZKTKu0ZOBNFtGE32HGPuj7cqZqV6i'

/** Whose password: by what is unique of him. */
type UserKey = { id: string } | { usernameKey: string } | { emailKey: string }

/** Hashes in threads of its own: on the main one, a login would delay everybody's messages. */
export interface Passwords {
  /** @throws ChatError RATE_LIMITED where too many are waiting */
  hash(password: string): Promise<string>
  /**
   * Takes as long where there is no hash, and is false then.
   * @param isKnown whether he goes first where strangers are too many
   * @throws ChatError RATE_LIMITED where too many are waiting
   */
  verify(password: string, hash: string | null, isKnown?: boolean): Promise<boolean>
  /** Those that wait for a thread. */
  readonly waiting: number
  close(): Promise<void>
}

/**
 * The threads start with the first password.
 * @param cost bcrypt's, the time's logarithm to base 2: 10 are about 60 ms
 */
export function createPasswords({ cost = 10 }: { cost?: number | undefined } = {}): Passwords {
  const noHash = `$2b$${String(cost).padStart(2, '0')}$${NO_HASH}`
  const pool = new Tinypool({
    // Without the environment of `node --watch`, whose messages the pool doesn't understand.
    env: {},
    filename: new URL('./password-worker.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: THREADS,
    idleTimeout: IDLE_TIMEOUT,
  })

  async function run(name: 'hash' | 'verify', task: unknown, isKnown: boolean) {
    if (pool.queueSize >= (isKnown ? LONGEST_QUEUE : LONGEST_QUEUE / 2)) {
      throw new ChatError('RATE_LIMITED', 'Too many are signing in at once: try again soon.', {
        retryAfter: 5,
        limit: 'passwordsWaiting',
      })
    }
    return pool.run(task, { name })
  }

  return {
    hash: (password) => run('hash', { password, cost }, false),
    async verify(password, hash, isKnown = false) {
      // bcrypt would accept any continuation of the right 72 bytes.
      if (Buffer.byteLength(password) > LONGEST) return false
      const matches: boolean = await run('verify', { password, hash: hash ?? noHash }, isKnown)
      return matches && hash !== null
    },
    get waiting() {
      return pool.queueSize
    },
    close: () => pool.destroy(),
  }
}

/**
 * @param field the argument that it came in, for the error
 * @throws ChatError BAD_USER_INPUT where it can't be a password
 */
export function checkNewPassword(password: string, field: string): string {
  const length = Buffer.byteLength(password)
  if (length < SHORTEST || length > LONGEST) {
    throw badInput(
      field,
      `A password must have ${SHORTEST} to ${LONGEST} bytes in UTF-8 (this one has ${length}): ` +
        `bcrypt, which guards it, reads no further than ${LONGEST} bytes.`,
    )
  }
  if (!isStorable(password)) throw badInput(field, 'A password must be text, without NUL.')
  return password
}

/**
 * Compares with the stored password of a user. What follows from a match must find the same row again in
 * its own transaction, since the password may have changed meanwhile.
 * @returns the stored password, or null where it is another or there is no such user
 * @throws ChatError RATE_LIMITED, the same whether there is such a user
 */
export async function matchPassword(
  { database, passwords, loginGuard }: { database: Database; passwords: Passwords; loginGuard: LoginGuard },
  user: UserKey,
  password: string,
  source: PasswordSource,
): Promise<Password | null> {
  // Without Prisma's client, which held up everybody when several sign in at the same moment.
  const [stored] = Object.values(user).every(isStorable)
    ? await database.readSql.all<Password>(Prisma.sql`
        SELECT p.* FROM "Password" p JOIN "User" u ON u."id" = p."userId" WHERE ${isUser(user)}`)
    : []
  const verify = (isKnown: boolean) => passwords.verify(password, stored?.hash ?? null, isKnown)
  const by = Object.keys(user).join()
  const account = stored ? { userId: stored.userId, by } : { name: standInFor(user) }
  return (await loginGuard.attempt(account, source, verify)) ? (stored ?? null) : null
}

/** For what may be anything, a password typed into the wrong field too. */
function standInFor(user: UserKey): string {
  return createHash('sha256').update(Object.values(user).join()).digest('base64url')
}

function isUser(user: UserKey): Prisma.Sql {
  if ('id' in user) return Prisma.sql`u."id" = ${user.id}`
  return 'emailKey' in user
    ? Prisma.sql`u."emailKey" = ${user.emailKey}`
    : Prisma.sql`u."usernameKey" = ${user.usernameKey}`
}
