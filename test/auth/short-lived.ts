import { createSecretKey } from 'node:crypto'
import { decodeJwt, SignJWT } from 'jose'

/** The same access token, with little time left. @param lifetime in ms */
export async function shorten(
  accessToken: string,
  jwtSecret: string,
  lifetime: number,
): Promise<{ token: string; expiresAt: number }> {
  const expiresAt = Date.now() + lifetime
  const token = await new SignJWT({ ...decodeJwt(accessToken), exp: expiresAt / 1_000 })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(createSecretKey(jwtSecret, 'utf8'))
  return { token, expiresAt }
}
