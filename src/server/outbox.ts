import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Line } from '../realtime/subscriber.ts'

const MOST_UNREAD = 64 * 1024 // bytes that wait for a peer before he counts as not reading
const MOST_AT_ONCE = 256 * 1024 // bytes that wait for the end of a turn

/** Text on its way to one WebSocket peer: what one turn of the event loop brings goes out in one write. */
export class Outbox implements Line {
  readonly #socket: WebSocket
  readonly #stream: Duplex
  readonly #filled: FilledOutboxes
  #frames = ''
  #unwritten = 0 // writes under way
  #isBroken = false
  readonly #onWritten = (error?: Error | null) => {
    this.#unwritten--
    if (error) this.#isBroken = true
  }

  /** @param stream what the WebSocket writes to, at whose frames' ends this one writes, too */
  constructor(socket: WebSocket, stream: Duplex, filled: FilledOutboxes) {
    this.#socket = socket
    this.#stream = stream
    this.#filled = filled
  }

  /** Whether the peer reads what he is sent, so that nothing piles up here. */
  get isFlowing(): boolean {
    return this.#stream.writableLength < MOST_UNREAD
  }

  get isWritten(): boolean {
    return this.#frames === '' && this.#unwritten === 0 && !this.#isBroken
  }

  /** Notes that something could not be sent. */
  fail(): void {
    this.#isBroken = true
  }

  /**
   * @param head what the text begins with
   * @param tail its rest; both of ASCII alone, so that their length is their bytes
   */
  send(head: string, tail: string): void {
    if (this.#frames.length >= MOST_AT_ONCE) this.flush()
    if (this.#frames === '') this.#filled.add(this)
    this.#frames += frameHead(head.length + tail.length) + head + tail
  }

  /** Writes what waits, before anything else that goes to this peer. No frame may follow that of the socket's end. */
  flush(): void {
    const frames = this.#frames
    this.#frames = ''
    if (frames === '') return
    if (this.#socket.readyState === this.#socket.OPEN) {
      this.#unwritten++
      this.#stream.write(frames, 'latin1', this.#onWritten)
    } else {
      this.fail()
    }
  }
}

/** The outboxes of one server that something waits in: they are emptied together. */
export class FilledOutboxes {
  #outboxes: Outbox[] = []

  add(outbox: Outbox): void {
    if (this.#outboxes.push(outbox) === 1) setImmediate(() => this.#flushAll())
  }

  #flushAll(): void {
    const outboxes = this.#outboxes
    this.#outboxes = []
    for (const outbox of outboxes) outbox.flush()
  }
}

/** Of one unmasked text frame: RFC 6455, 5.2. */
function frameHead(length: number): string {
  const FINAL_TEXT = 0x81
  if (length < 126) return String.fromCharCode(FINAL_TEXT, length)
  if (length < 65_536) return String.fromCharCode(FINAL_TEXT, 126, length >> 8, length & 255)
  const size = Buffer.alloc(8)
  size.writeBigUInt64BE(BigInt(length))
  return String.fromCharCode(FINAL_TEXT, 127, ...size)
}

/** The same JSON, its length its bytes. */
export function toAscii(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
