import type { Filter } from '../support/flaky-proxy.ts'

/**
 * Drops whole messages of what Redis sends to those who listen, and leaves all else.
 * @param isLost asked of each message
 */
export function losing(isLost: () => boolean): Filter {
  let unseen = Buffer.alloc(0)
  return (data) => {
    unseen = Buffer.concat([unseen, data])
    const kept: Buffer[] = []
    for (let end = endOfValue(unseen, 0); end > 0; end = endOfValue(unseen, 0)) {
      const value = unseen.subarray(0, end)
      unseen = unseen.subarray(end)
      if (!isMessage(value) || !isLost()) kept.push(value)
    }
    return Buffer.concat(kept)
  }
}

function isMessage(value: Buffer): boolean {
  return /^[*>]3\r\n\$\d\r\ns?message\r\n/.test(value.toString('latin1', 0, 30))
}

/**
 * Where the value that begins there ends in RESP 2 or 3, the protocol of Redis; -1 where it hasn't come whole.
 * See https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
function endOfValue(data: Buffer, start: number): number {
  const lineEnd = data.indexOf('\r\n', start)
  if (lineEnd < 0) return -1
  const size = Number(data.toString('latin1', start + 1, lineEnd))
  let end = lineEnd + 2
  switch (data.toString('latin1', start, start + 1)) {
    case '$':
    case '!':
    case '=':
      if (size >= 0) end += size + 2
      return end <= data.length ? end : -1
    case '*':
    case '>':
    case '~':
    case '%':
    case '|': {
      const isMap = '%|'.includes(String.fromCharCode(data[start] ?? 0))
      for (let left = isMap ? 2 * size : size; left > 0 && end >= 0; left--) end = endOfValue(data, end)
      return end
    }
    default:
      return end
  }
}
