import fc from 'fast-check'
import { often } from './odd-text.ts'

/** What opens a WebSocket at the server's path, by hand. */
export const UPGRADE = [
  'GET /graphql HTTP/1.1',
  'Host: x',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  'Sec-WebSocket-Protocol: graphql-transport-ws',
  '\r\n',
].join('\r\n')

export interface Frame {
  /** Its first byte: whether it is the last of its message, reserved bits, and the kind. */
  first: number
  /** One byte a character. */
  payload: string
  isMasked?: boolean
  /** The length that it claims, where that is another one. */
  length?: number
}

export const TEXT = 0x81
export const CLOSE = 0x88

/** A frame of a client, one byte a character. */
export function encodeFrame({ first, payload, isMasked = true, length = payload.length }: Frame): string {
  const mask = isMasked ? 0x80 : 0
  const head =
    length < 126
      ? Buffer.from([first, mask | length])
      : Buffer.concat([Buffer.from([first, mask | 127]), bigEndian(length)])
  // A mask of zeros leaves the payload as it is.
  return head.toString('latin1') + (isMasked ? '\0\0\0\0' : '') + payload
}

function bigEndian(length: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(length))
  return bytes
}

/** @returns the codes of the close frames in what a server sent, after its answer to the upgrade */
export function closeCodesIn(answer: string): number[] {
  const bytes = Buffer.from(answer.slice(answer.indexOf('\r\n\r\n') + 4), 'latin1')
  const codes: number[] = []
  for (let at = 0; at + 2 <= bytes.length; ) {
    const short = bytes.readUInt8(at + 1)
    const headLength = short < 126 ? 2 : short === 126 ? 4 : 10
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : bytes.readUInt32BE(at + 6)
    if (bytes.readUInt8(at) === CLOSE && length >= 2) codes.push(bytes.readUInt16BE(at + headLength))
    at += headLength + length
  }
  return codes
}

const message = fc.constantFrom(
  '{"type":"connection_init"}',
  '{"type":"ping"}',
  '{"type":"subscribe","id":"1","payload":{"query":"{ __typename }"}}',
  '{"type":"compl',
)

const anyByte = fc.nat(255).map((byte) => String.fromCharCode(byte))

/** Frames as they should be, and with anything wrong. */
export const oddFrame: fc.Arbitrary<string> = often(
  8,
  fc
    .record({
      first: often(
        4,
        fc.constantFrom(TEXT, 0x82, 0x89, 0x8a, 0x01, 0x00, 0x80),
        fc.nat(255).filter((first) => first !== CLOSE),
      ),
      payload: often(3, message, fc.string({ unit: anyByte, maxLength: 200 })),
      isMasked: often(15, fc.constant(true), fc.constant(false)),
      length: often(15, fc.constant(undefined), fc.constantFrom(0, 3, 126, 1_000_000, 2 ** 31, 2 ** 53)),
    })
    .map(({ length, ...frame }) => encodeFrame(length === undefined ? frame : { ...frame, length })),
  fc.oneof(
    fc
      .constantFrom('', '\x03', '\x03\xe8', '\x03\xe8Bye', '\x03\xed', '\x00\x01', '\x13\x88', '\x03\xe8\xff\xfe')
      .map((payload) => encodeFrame({ first: CLOSE, payload })),
    fc.string({ unit: anyByte, maxLength: 50 }),
  ),
)
