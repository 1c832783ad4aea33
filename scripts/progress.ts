import type { WriteStream } from 'node:tty'
import { Presets, SingleBar } from 'cli-progress'

const LINES = 10 // for each thing, where there is no terminal to draw on

export interface Progress {
  /** @param what is being done: it comes before the numbers, and another thing begins anew */
  report(done: number, total: number, what: string): void
  end(): void
}

/** Draws a bar on a terminal, and prints plain lines to anything else. */
export function createProgress(out: WriteStream = process.stdout): Progress {
  return out.isTTY ? drawBars(out) : printLines()
}

function drawBars(out: WriteStream): Progress {
  const format = '{what} {bar} {percentage}% | {value} of {total} | {eta_formatted} left'
  const bar = new SingleBar({ format, stream: out, hideCursor: true, etaBuffer: 200 }, Presets.shades_classic)
  let current = ''
  return {
    report(done, total, what) {
      if (what !== current) {
        bar.stop()
        bar.start(total, done, { what: what.padEnd(16) })
        current = what
      } else {
        bar.update(done)
      }
    },
    end: () => bar.stop(),
  }
}

function printLines(): Progress {
  let [current, last] = ['', 0]
  return {
    report(done, total, what) {
      const part = Math.floor((done * LINES) / Math.max(total, 1))
      if (what === current && part === last) return
      current = what
      last = part
      console.log(`${what}: ${done} of ${total}`)
    },
    end() {},
  }
}
