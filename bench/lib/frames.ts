// RFC 6455, section 5.2: the frames of a WebSocket, as a client writes and reads them.

export const TEXT = 0x1
export const CLOSE = 0x8
export const PING = 0x9
export const PONG = 0xa

const FINAL = 0x80
const MASKED = 0x80

/** A client's frame. Its mask is zero, which changes no byte, and which the server has to apply all the same. */
export function encodeFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8
  const frame = Buffer.alloc(2 + extended + 4 + length)
  frame[0] = FINAL | opcode
  frame[1] = MASKED | (extended === 0 ? length : extended === 2 ? 126 : 127)
  if (extended === 2) frame.writeUInt16BE(length, 2)
  if (extended === 8) frame.writeBigUInt64BE(BigInt(length), 2)
  payload.copy(frame, 2 + extended + 4)
  return frame
}

export interface FrameHandlers {
  /** A text frame's payload: the bytes of the buffer from start to end, gone once this returns. */
  onText(buffer: Buffer, start: number, end: number): void
  onPong?(): void
  onPing(payload: Buffer): void
  onClose(code: number, reason: string): void
}

/**
 * Reads a server's stream of frames, in chunks that end anywhere.
 * @returns takes the next chunk; throws on what no server of the bench sends
 */
export function createFrameReader(handlers: FrameHandlers) {
  let rest: Buffer | null = null

  return function read(chunk: Buffer, from: number, to: number): void {
    let [buffer, start, end] = [chunk, from, to]
    if (rest) {
      buffer = Buffer.concat([rest, chunk.subarray(from, to)])
      start = 0
      end = buffer.length
    }
    while (start < end) {
      const next = readFrame(buffer, start, end, handlers)
      if (next === -1) break
      start = next
    }
    rest = start < end ? Buffer.from(buffer.subarray(start, end)) : null
  }
}

/** @returns where the frame ends, or -1 where it isn't whole yet */
function readFrame(buffer: Buffer, at: number, end: number, handlers: FrameHandlers): number {
  if (end - at < 2) return -1
  const first = buffer[at] as number
  const short = buffer[at + 1] as number
  let start = at + 2
  let length = short
  if (short === 126) {
    if (end - at < 4) return -1
    length = buffer.readUInt16BE(start)
    start += 2
  } else if (short === 127) {
    if (end - at < 10) return -1
    length = Number(buffer.readBigUInt64BE(start))
    start += 8
  } else if (short > 127) throw new Error('The server masked a frame')
  const frameEnd = start + length
  if (frameEnd > end) return -1

  if (first === (FINAL | TEXT)) handlers.onText(buffer, start, frameEnd)
  else if (first === (FINAL | PONG)) handlers.onPong?.()
  else if (first === (FINAL | PING)) handlers.onPing(Buffer.from(buffer.subarray(start, frameEnd)))
  else if (first === (FINAL | CLOSE)) {
    handlers.onClose(length < 2 ? 1005 : buffer.readUInt16BE(start), buffer.toString('utf8', start + 2, frameEnd))
  } else throw new Error(`The server sent a frame that begins with 0x${first.toString(16)}`)
  return frameEnd
}
