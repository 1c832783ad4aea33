import { clearScreenDown, createInterface, cursorTo, moveCursor } from 'node:readline'
import type { ReadStream, WriteStream } from 'node:tty'
import { harmless } from './harmless.ts'

// Pasted text comes between two marks then, so that its line ends don't send.
const MARK_PASTES = '\x1b[?2004h'
const UNMARK_PASTES = '\x1b[?2004l'

const MOST_PASTED = 5 // lines of a pasted text that are shown while the rest of it is typed

/** A line to type in at the bottom of a terminal, and above it what happens, which scrolls away as it always has. */
export interface Screen {
  /** Prints above what is being typed, and leaves that as it is. */
  print(text: string): void
  /** Shows these right above the line, for as long as they are the newest ones. */
  keep(lines: string[]): void
  close(): void
}

export interface ScreenOptions {
  input: ReadStream
  output: WriteStream
  prompt: string
  /** What was typed or pasted, several lines perhaps, when it is sent off. It isn't shown any more then. */
  onEnter(text: string): void
  /** Ctrl-C on an empty line. */
  onLeave(): void
  /** Ctrl-D, the terminal has gone, or `close`: nothing can be typed any more, and nothing is shown. */
  onEnd(): void
}

export function createScreen({ input, output, prompt, onEnter, onLeave, onEnd }: ScreenOptions): Screen {
  const reader = createInterface({ input, output, prompt, removeHistoryDuplicates: true })
  let kept: string[] = []
  let pasted: string[] = []
  let isPasting = false
  let hasEnded = false

  /** All that is drawn again and again: readline counts its rows, wide characters and colours included. */
  function livePrompt(): string {
    const more = pasted.length > MOST_PASTED ? [`│ … ${pasted.length} lines`] : []
    const lines = pasted.slice(-MOST_PASTED).map((line) => `│ ${harmless(line)}`)
    return [...kept, ...more, ...lines, prompt].join('\n')
  }

  /** Draws it anew below the text. */
  function redraw(text: string) {
    if (hasEnded) return
    const { rows } = reader.getCursorPos()
    erase(rows)
    // Readline will go up by the rows that it drew last time.
    output.write((text === '' ? '' : `${text}\n`) + '\n'.repeat(rows))
    reader.setPrompt(livePrompt())
    reader.prompt(true)
  }

  function erase(rows: number) {
    moveCursor(output, 0, -rows)
    cursorTo(output, 0)
    clearScreenDown(output)
  }

  /** After Enter the cursor is a row below what was typed. */
  function eraseEntered(line: string) {
    reader.setPrompt(livePrompt() + line)
    erase(reader.getCursorPos().rows + 1)
    reader.setPrompt('') // nothing is drawn now
  }

  function enter(line: string) {
    eraseEntered(line)
    if (isPasting) {
      pasted.push(line)
    } else {
      const text = [...pasted, line].join('\n')
      pasted = []
      if (text.trim() !== '') onEnter(text)
    }
    if (hasEnded) return
    reader.setPrompt(livePrompt())
    reader.prompt()
  }

  reader.on('line', enter)
  reader.on('SIGINT', () => {
    if (reader.line === '' && pasted.length === 0) return onLeave()
    pasted = []
    reader.write(null, { ctrl: true, name: 'e' })
    reader.write(null, { ctrl: true, name: 'u' })
    redraw('')
  })
  reader.on('close', () => {
    hasEnded = true
    onEnd()
  })
  input.on('keypress', (_text, key) => {
    if (key?.name === 'paste-start') isPasting = true
    if (key?.name === 'paste-end') isPasting = false
  })
  output.write(MARK_PASTES)
  reader.prompt()

  return {
    print: redraw,
    keep(lines) {
      if (lines.join('\n') === kept.join('\n')) return
      kept = lines
      redraw('')
    },
    close() {
      output.write(UNMARK_PASTES)
      erase(reader.getCursorPos().rows)
      reader.close()
    },
  }
}
