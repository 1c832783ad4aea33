/** What looks like a secret, whoever has made it. */
const SHAPES = [
  /\beyJ[\w-]{10,}\.[\w-]{10,}/g, // a token of ours, or anybody's JWT
  /\bBearer\s+[\w.~+/=-]{10,}/gi,
  /[?&]token=[^\s"&]{4,}/gi,
  /\$2[aby]\$\d\d\$/g, // the hash of a password
]

const TOKEN = /[\w-]{16,}/g
const BEGINNING = 8 // characters

/**
 * Looks for many secrets in a long text at once: for those of one word by their longest part, as for tokens, and for the
 * rest, of which few begin differently, by their beginning.
 * @returns the places, each with what is around it
 */
export function findSecrets(text: string, secrets: Iterable<string>): string[] {
  const tokens = new Set<string>()
  const phrases = new Map<string, string[]>()
  for (const secret of secrets) {
    const token = secret.match(TOKEN)?.toSorted((a, b) => b.length - a.length)[0]
    const beginning = secret.slice(0, BEGINNING)
    if (token) tokens.add(token)
    else phrases.set(beginning, [...(phrases.get(beginning) ?? []), secret])
  }

  const places = SHAPES.flatMap((shape) => [...text.matchAll(shape)].map(({ index }) => index))
  for (const { 0: token, index } of text.matchAll(TOKEN)) if (tokens.has(token)) places.push(index)
  for (const [beginning, all] of phrases) {
    for (let at = text.indexOf(beginning); at >= 0; at = text.indexOf(beginning, at + 1)) {
      if (all.some((phrase) => text.startsWith(phrase, at))) places.push(at)
    }
  }
  return places.map((at) => text.slice(Math.max(0, at - 150), at + 50))
}
