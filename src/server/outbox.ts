import type { Duplex } from 'node:stream'

const MOST_UNREAD = 64 * 1024 // bytes that wait for a peer before he counts as not reading
const MOST_AT_ONCE = 256 * 1024 // bytes that one turn brings a peer

/** Text on its way to one WebSocket peer: what one turn of the event loop brings goes out in one write. */
export interface Outbox {
  /** Whether the peer reads what he is sent, so that nothing piles up here. */
  isFlowing(): boolean
  /**
   * @param head what the text begins with
   * @param tail its rest; both of ASCII alone, so that their length is their bytes
   */
  send(head: string, tail: string): void
  /** Writes what waits, before anything else that goes to this peer. */
  flush(): void
}

/** Makes the outboxes of one server, which are emptied together. */
export function createOutboxes() {
  let filled: Outbox[] = []

  function flushAll() {
    const outboxes = filled
    filled = []
    for (const outbox of outboxes) outbox.flush()
  }

  /**
   * @param stream what the WebSocket writes to, at whose frames' ends this one writes, too
   * @param isOpen whether the WebSocket has not begun to close: no frame may follow that of its end
   */
  return function createOutbox(stream: Duplex, isOpen: () => boolean): Outbox {
    let frames = ''
    const outbox: Outbox = {
      isFlowing: () => stream.writableLength < MOST_UNREAD && frames.length < MOST_AT_ONCE,
      send(head, tail) {
        if (frames === '' && filled.push(outbox) === 1) setImmediate(flushAll)
        frames += frameHead(head.length + tail.length) + head + tail
      },
      flush() {
        if (frames !== '' && isOpen()) stream.write(frames, 'latin1')
        frames = ''
      },
    }
    return outbox
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
