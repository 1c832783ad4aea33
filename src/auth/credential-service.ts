import type { Database } from '../database/database.ts'
import { forShare } from '../database/sql-connection.ts'
import { badInput, notFound, unauthenticated } from '../errors.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { LoginGuard } from '../rates/login-guard.ts'
import { checkNewPassword, matchPassword, type Passwords } from './passwords.ts'
import type { SessionService, SignedIn } from './session-service.ts'
import type { Viewer } from './viewer.ts'

/** What a user proves himself by: his password, with his username or email address. */
export interface CredentialService {
  /**
   * @param login a username or an email address
   * @throws ChatError UNAUTHENTICATED, the same whether the name or the password is wrong; RATE_LIMITED
   */
  login(login: string, password: string, from: { userAgent: string | null; network: string }): Promise<SignedIn>
  /**
   * Ends all sessions of the viewer, and opens a new one.
   * @throws ChatError BAD_USER_INPUT, RATE_LIMITED
   */
  changePassword(
    viewer: Viewer,
    change: { currentPassword: string; newPassword: string },
    userAgent: string | null,
  ): Promise<SignedIn>
  /**
   * Sets a password without knowing the old one, for the server's owner, and ends all sessions of the user.
   * @returns how many there were
   * @throws ChatError BAD_USER_INPUT, or NOT_FOUND where there is no such account
   */
  resetPassword(userId: string, newPassword: string): Promise<number>
}

export function createCredentialService(deps: {
  database: Database
  passwords: Passwords
  sessions: SessionService
  loginGuard: LoginGuard
}): CredentialService {
  const { database, passwords, sessions, loginGuard } = deps
  return {
    async login(login, password, { userAgent, network }) {
      const key = login.trim().toLowerCase()
      const user = key.includes('@') ? { emailKey: key } : { usernameKey: key }
      const match = await matchPassword({ database, passwords, loginGuard }, user, password, { network })
      const refusal = unauthenticated('Wrong username, email address or password.')
      if (!match) throw refusal
      return sessions.open(userAgent, async (_tx, sql) => {
        // A change of the password, which ends all sessions, comes before this or after it.
        const [unchanged] = await sql.all(Prisma.sql`SELECT 1 AS "found" FROM "Password" p
          WHERE p."userId" = ${match.userId} AND p."hash" = ${match.hash} ${forShare(sql, 'p')}`)
        if (!unchanged) throw refusal
        return match.userId
      })
    },

    async changePassword({ userId, sessionId }, { currentPassword, newPassword }, userAgent) {
      checkNewPassword(newPassword, 'newPassword')
      const match = await matchPassword({ database, passwords, loginGuard }, { id: userId }, currentPassword, {
        sessionId,
      })
      const refusal = badInput('currentPassword', 'Wrong password.')
      if (!match) throw refusal
      const hash = await passwords.hash(newPassword)
      let ended: string[] = []
      const signedIn = await sessions.open(userAgent, async (tx, sql) => {
        const { count } = await tx.password.updateMany({ where: match, data: { hash } })
        if (count === 0) throw refusal
        ended = await sessions.deleteAll(sql, userId)
        return userId
      })
      sessions.announceEnded(ended)
      return signedIn
    },

    async resetPassword(userId, newPassword) {
      const hash = await passwords.hash(checkNewPassword(newPassword, 'password'))
      const ended = await database.write(async (tx, sql) => {
        const { count } = await tx.password.updateMany({ where: { userId }, data: { hash } })
        if (count === 0) throw notFound('User')
        return sessions.deleteAll(sql, userId)
      })
      sessions.announceEnded(ended)
      return ended.length
    },
  }
}
