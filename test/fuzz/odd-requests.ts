import fc from 'fast-check'
import { anyJson, oddText, often } from './odd-text.ts'

/** An HTTP request, as it is to go over the line. */
export interface OddRequest {
  /** Its bytes, one a character. */
  text: string
  /** Whether less comes than it promises. */
  isCutShort: boolean
}

const HUGE = 1_100_000 // bytes, more than a request may have

function oneOf(lines: string): fc.Arbitrary<string> {
  return fc.constantFrom(...lines.split('\n').map((line) => line.trim()))
}

const OTHER_METHODS = ['HEAD', 'OPTIONS', 'PUT', 'PATCH', 'TRACE', 'CONNECT', 'QUERY', 'get', 'G\u00cbT', '']

const method = often(5, fc.constantFrom('POST', 'POST', 'GET'), fc.constantFrom(...OTHER_METHODS))

const path = oneOf(`/
  //
  *
  ?
  /?
  /graphql/
  //graphql
  /graphql#
  /GraphQL
  /graphql/../health
  /health/
  /ready?x
  /%
  /%00
  /%2e%2e/%2e%2e/etc/passwd
  /..\\..
  /\u00ff
  /a b
  graphql
  http://
  http://[
  http://x:y@z/graphql
  https://example.com:99999/graphql
  javascript:alert(1)
  ${'x'.repeat(20_000)}`)

const queryString = fc
  .dictionary(
    oneOf(`query
      variables
      operationName
      extensions
      token
      x`),
    fc.oneof(
      oddText.map((text) => encodeURIComponent(text.toWellFormed()).slice(0, 2_000)),
      oneOf(`{__typename}
        mutation{logout{ok}}
        subscription{inbox{cursor}}
        nonsense
        {
        [
        %
        %ff%c0%80
        &&=`),
    ),
    { maxKeys: 3 },
  )
  .map((pairs) => Object.entries(pairs).map(([name, value]) => `${name}=${value}`))
  .map((pairs) => `/graphql?${pairs.join('&')}`)

const target = often(6, fc.oneof(fc.constant('/graphql'), queryString), path)

const host = often(
  6,
  fc.constant('Host: x'),
  oneOf(`Host:
    Host: [
    Host: a b
    Host: x:99999
    Host: \u00ff
    Host: /
    Host: @
    Host: %
    Nobody: x`),
)

const contentType = often(
  6,
  fc.constant('Content-Type: application/json'),
  oneOf(`Content-Type:
    Content-Type: application/graphql+json; charset=utf-16
    Content-Type: application/json;;
    Content-Type: application/graphql
    Content-Type: multipart/form-data
    Content-Type: text/plain
    Content-Type: ,,
    Content-Type: /`),
)

const header = oneOf(`Accept: text/html
  Accept: text/event-stream
  Accept: multipart/mixed
  Accept: nonsense
  Accept: ;,;q=2
  Access-Control-Request-Method: POST
  Authorization: Bearer
  Authorization: Bearer a.b.c
  Authorization: Basic Og==
  Authorization: Bearer ${'x'.repeat(9_000)}
  Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.
  Content-Encoding: gzip
  Content-Encoding: nonsense
  Content-Length: 3
  Transfer-Encoding: nonsense
  Expect: 100-continue
  Expect: nonsense
  Origin: null
  Cookie: a=%
  User-Agent: \u00ff\u0001
  Upgrade: websocket
  Upgrade: h2c
  Sec-WebSocket-Version: 13
  Sec-WebSocket-Version: 99
  Sec-WebSocket-Key: x
  Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==
  Sec-WebSocket-Protocol: ,
  Sec-WebSocket-Protocol: graphql-ws
  Sec-WebSocket-Extensions: permessage-deflate; nonsense
  no header
  : x
  A: b\0
  Long: ${'x'.repeat(20_000)}`)

const body = often(
  2,
  oneOf(`{"query":"{ __typename }"}
    {"query":"{ __typename }"
    [{"query":"{ __typename }"}]
    [{"query":"{ __typename }"},{"query":"{ __typename }"}]

    \ufeff{}
    {"query":""}
    {"query":["{ __typename }"]}
    {"query":"{ __typename }","variables":[]}
    {"query":"{ __typename }","variables":"{}"}
    {"query":"{ __typename }","operationName":{}}
    {"query":"{ __typename }","operationName":"Nobody"}
    {"query":"{ __typename }","extensions":{"persistedQuery":1}}
    {"query":"query A { __typename } query B { __typename }"}
    {"__proto__":{"query":"{ __typename }"}}
    {"query":"${'{a'.repeat(50_000)}"}
    {"query":"{ __typename }","variables":${'['.repeat(50_000)}${']'.repeat(50_000)}}`),
  fc
    .oneof(
      anyJson,
      fc.record(
        { query: anyJson, variables: anyJson, operationName: anyJson, extensions: anyJson },
        { requiredKeys: [] },
      ),
    )
    .map((value) => JSON.stringify(value)),
)

const anyByte = fc.nat(255).map((byte) => String.fromCharCode(byte))

const bytes = often(
  8,
  body.map((text) => Buffer.from(text).toString('latin1')),
  fc.oneof(fc.string({ unit: anyByte, maxLength: 100 }), fc.constant('x'.repeat(HUGE))),
)

/** A request that may be wrong in many ways at once, after which the connection is to end. */
export const oddRequest: fc.Arbitrary<OddRequest> = fc
  .record({
    method,
    target,
    version: often(12, fc.constant('HTTP/1.1'), fc.constantFrom('HTTP/1.0', 'HTTP/9.9', '')),
    headers: fc.tuple(host, contentType, fc.array(header, { maxLength: 4 })).map((headers) => headers.flat()),
    connection: fc.constantFrom('close', 'Upgrade, close'),
    bytes,
    missing: often(8, fc.constant(0), fc.constantFrom(-5, 5)),
  })
  .map(({ method, target, version, headers, connection, bytes, missing }) => {
    const length = `Content-Length: ${bytes.length + missing}`
    const head = [`${method} ${target} ${version}`, ...headers, `Connection: ${connection}`, length]
    return { text: [...head, '', bytes].join('\r\n'), isCutShort: missing > 0 }
  })
