/** Headers by their name, in small letters. */
export type Headers = Readonly<Record<string, string>>

/** What a page may do, as the value of Content-Security-Policy: nothing but what is named. */
function policy(directives: Record<string, string>): string {
  const all = { 'default-src': "'none'", 'base-uri': "'none'", 'form-action': "'none'", 'frame-ancestors': "'none'" }
  return Object.entries({ ...all, ...directives })
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ')
}

/** Of answers that are no page. */
export const API_CSP = policy({})

/** Of the web client: what Vite builds, and the uploads. Pictures from elsewhere would tell others who looks at them. */
export const WEB_CLIENT_CSP = policy({
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data: blob:",
  'media-src': "'self' blob:",
  'font-src': "'self'",
  // 'self' covers the WebSocket in browsers since 2022.
  'connect-src': "'self'",
  'manifest-src': "'self'",
})

/** Of GraphiQL, whose editor writes style sheets of its own, and runs in workers that it makes. */
export const GRAPHIQL_CSP = policy({
  'script-src': "'self'",
  'worker-src': 'blob:',
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'font-src': "'self' data:",
  'connect-src': "'self'",
})

const YEAR = 31_536_000 // seconds

/**
 * What every answer says to browsers; a page, and uploads, say something else where they differ.
 * @param publicUrl where clients reach the server: with TLS, they are told never to come without
 */
export function securityHeaders(publicUrl: string | undefined): Headers {
  return {
    'content-security-policy': API_CSP,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    ...(publicUrl?.startsWith('https:') && { 'strict-transport-security': `max-age=${YEAR}` }),
  }
}
