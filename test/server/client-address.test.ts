import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { createClientAddresses, networkOf } from '../../src/server/client-address.ts'

function requestFrom(remoteAddress: string | undefined, headers: IncomingMessage['headers'] = {}) {
  return { headers, socket: { remoteAddress, localPort: 8080 } as IncomingMessage['socket'] }
}

const CLIENT = '203.0.113.9'

test.each([
  ['nobody', [], CLIENT, '198.51.100.1', CLIENT],
  ['another one', ['10.0.0.0/8'], CLIENT, '198.51.100.1', CLIENT],
  ['the proxy', ['loopback'], '127.0.0.1', CLIENT, CLIENT],
  ['the proxy, over IPv6', ['loopback'], '::1', CLIENT, CLIENT],
  ['the proxy, mapped into IPv6', ['127.0.0.1'], '::ffff:127.0.0.1', `::ffff:${CLIENT}`, CLIENT],
  ['the proxy, not what the client wrote before it', ['loopback'], '127.0.0.1', `198.51.100.1, ${CLIENT}`, CLIENT],
  ['two proxies', ['loopback', '10.0.0.0/8'], '127.0.0.1', `198.51.100.1, ${CLIENT}, 10.1.2.3`, CLIENT],
  ['a proxy that writes ports', ['uniquelocal'], '10.0.0.1', `${CLIENT}:4711`, CLIENT],
  ['a proxy that writes IPv6 with ports', ['uniquelocal'], '10.0.0.1', '[2001:db8::1]:4711', '2001:db8::1'],
  ['a proxy that says nothing', ['loopback'], '127.0.0.1', undefined, '127.0.0.1'],
  ['a proxy that doesn’t know', ['loopback'], '127.0.0.1', 'unknown', '127.0.0.1'],
])('Where %s is trusted (%j), %s saying %s is %s', (_who, trusted, remote, forwarded, expected) => {
  const { addressOf } = createClientAddresses(trusted)
  expect(addressOf(requestFrom(remote, { 'x-forwarded-for': forwarded }))).toBe(expected)
})

test('A connection that has gone has no address', () => {
  expect(createClientAddresses([]).addressOf(requestFrom(undefined))).toBe('')
  expect(createClientAddresses(['loopback']).addressOf(requestFrom(undefined))).toBe('')
})

test.each([
  [[], { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example', host: 'chat' }, 'http://chat'],
  [['loopback'], { 'x-forwarded-proto': 'https', host: 'chat' }, 'https://chat'],
  [['loopback'], { 'x-forwarded-host': 'chat.example.com, inner', host: 'inner:8080' }, 'http://chat.example.com'],
  [['loopback'], { 'x-forwarded-proto': 'javascript', 'x-forwarded-host': 'a b', host: 'c' }, 'http://localhost:8080'],
  [['loopback'], {}, 'http://localhost:8080'],
])('Trusting %j, %j was asked at %s', (trusted, headers, expected) => {
  expect(createClientAddresses(trusted).originOf(requestFrom('127.0.0.1', headers))).toBe(expected)
})

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
  ['2001:db8::6', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['64:ff9b::203.0.113.9', '64:ff9b:0:0::/64'],
  ['', ''],
])('%s is in %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
