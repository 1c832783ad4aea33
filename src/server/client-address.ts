import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import proxyAddress from 'proxy-addr'

type Forwarded = Pick<IncomingMessage, 'headers' | 'socket'>

/** Where a request comes from. What a header says of it counts only where a proxy that is trusted has set it. */
export interface ClientAddresses {
  /** An IPv4 or IPv6 address; empty where the connection has gone already. */
  addressOf(request: Forwarded): string
  /** As the client wrote it, `https://chat.example.com` say. */
  originOf(request: Forwarded): string
}

/**
 * @param trustedProxies addresses, subnets (`10.0.0.0/8`), `loopback`, `linklocal` and `uniquelocal`
 * @throws TypeError where one is something else
 */
export function createClientAddresses(trustedProxies: readonly string[]): ClientAddresses {
  const trusts = trustedProxies.length > 0 ? proxyAddress.compile([...trustedProxies]) : null
  const isTrusted = ({ socket }: Forwarded) => trusts?.(socket.remoteAddress ?? '', 0) === true

  return {
    addressOf(request) {
      const { remoteAddress = '' } = request.socket
      if (!trusts || remoteAddress === '') return plain(remoteAddress)
      // From the nearest on, past the proxies. What is no address, nobody trustworthy has written.
      const hops = proxyAddress.all(request as IncomingMessage, trusts).map(plain)
      return hops.findLast((hop) => isIP(hop) > 0) ?? ''
    },
    originOf(request) {
      const { headers, socket } = request
      const isByProxy = isTrusted(request)
      const scheme = isByProxy && firstOf(headers['x-forwarded-proto']) === 'https' ? 'https' : 'http'
      const host = (isByProxy && firstOf(headers['x-forwarded-host'])) || headers.host
      const origin = `${scheme}://${host}`
      // A client so old that he doesn't say is on this machine, we guess.
      return host && URL.canParse(origin) ? origin : `${scheme}://localhost:${socket.localPort}`
    },
  }
}

/**
 * What counts as one place: an IPv4 address, or the /64 of an IPv6 one, of which anybody has more addresses than he
 * could ever try.
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail] = address.toLowerCase().split('::')
  const groups = head.split(':').filter(Boolean)
  const rest = tail?.split(':').filter(Boolean) ?? []
  // One written as IPv4 at its end stands for two.
  const written = groups.length + rest.length + (address.includes('.') ? 1 : 0)
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - written }, () => '0')
  const first = [...groups, ...zeros, ...rest].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${first.join(':')}::/64`
}

/** Without a zone or a port that some proxies add, and IPv4 as itself, also where the system maps it into IPv6. */
function plain(text: string): string {
  const address = text
    .trim()
    .replace(/^\[(.*)\](:\d+)?$/, '$1')
    .replace(/^([\d.]+):\d+$/, '$1')
    .replace(/%.*$/, '')
  return address.replace(/^::ffff:([\d.]+)$/i, '$1')
}

/** Where several proxies have written, the first one met the client. */
function firstOf(header: string | string[] | undefined): string | undefined {
  return String(header ?? '')
    .split(',', 1)[0]
    ?.trim()
}
