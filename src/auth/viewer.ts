/** Who asks: a user in one of his sessions. */
export interface Viewer {
  userId: string
  sessionId: string
  /** When his access token ends, in ms since 1970. */
  expiresAt: number
}
