import { createSecretKey } from 'node:crypto'
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { type ChatError, unauthenticated } from '../errors.ts'
import { newId } from '../ids.ts'
import type { Viewer } from './viewer.ts'

const LIFETIME = 15 * 60_000 // ms
const ALGORITHM = 'HS256'
const ISSUER = 'chatserver'
const CLOCK_SKEW = 60 // s that the clocks of nodes may differ by

/** Short-lived tokens that say who asks, without a look into the database. */
export interface AccessTokens {
  issue(userId: string, sessionId: string): Promise<{ token: string; expiresAt: Date }>
  /** @throws ChatError UNAUTHENTICATED where it has expired, or isn't one of ours */
  verify(token: string): Promise<Viewer>
}

export function createAccessTokens(secret: string): AccessTokens {
  const key = createSecretKey(secret, 'utf8')

  return {
    async issue(userId, sessionId) {
      // Tokens count in whole seconds.
      const expiresAt = new Date(Math.floor((Date.now() + LIFETIME) / 1_000) * 1_000)
      const token = await new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: ALGORITHM })
        .setIssuer(ISSUER)
        .setAudience(ISSUER)
        .setSubject(userId)
        .setJti(newId())
        .setIssuedAt()
        .setExpirationTime(expiresAt)
        .sign(key)
      return { token, expiresAt }
    },

    async verify(token) {
      const payload = await verifyPayload(token)
      const { sub, sid, exp, iat } = payload
      if (!sub || typeof sid !== 'string' || !exp || !iat) throw invalid()
      // One that would outlive what is ever issued was not issued here.
      if (iat > Date.now() / 1_000 + CLOCK_SKEW || exp - iat > LIFETIME / 1_000) throw invalid()
      return { userId: sub, sessionId: sid, expiresAt: exp * 1_000 }
    },
  }

  async function verifyPayload(token: string): Promise<JWTPayload> {
    try {
      const options = { algorithms: [ALGORITHM], issuer: ISSUER, audience: ISSUER }
      return (await jwtVerify(token, key, options)).payload
    } catch (error) {
      if (error instanceof errors.JWTExpired) {
        throw unauthenticated('The access token has expired: get a new one with refreshSession.')
      }
      if (error instanceof errors.JOSEError) throw invalid()
      throw error
    }
  }
}

function invalid(): ChatError {
  return unauthenticated('The access token is invalid: sign in again with login, and send its accessToken as it is.')
}
