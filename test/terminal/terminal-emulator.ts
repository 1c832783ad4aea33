/** A terminal's screen: what a person sees of a program's output, and what it has asked the terminal to do besides. */
export interface TerminalEmulator {
  write(output: string): void
  /** Everything on the screen, and what has scrolled off it, a line each. */
  text(): string
  /** Whatever isn't the moving of the cursor, the erasing or the colouring of text that a line editor does. */
  readonly strange: string[]
}

const ESCAPE = '\u001b'
const SEQUENCE = new RegExp(`^${ESCAPE}\\[(\\??[\\d;]*)([A-Za-z])`)
const BEGUN_SEQUENCE = new RegExp(`^${ESCAPE}(\\[[\\d;?]*)?$`)
const WIDE = /[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/v
const NO_WIDTH = /[\p{Mn}\p{Cf}\u{fe0f}]/v

/** As ECMA-48 and xterm have it, for a program that draws at the bottom of what it has written. */
export function createTerminalEmulator({ columns, rows }: { columns: number; rows: number }): TerminalEmulator {
  const lines: string[][] = [[]]
  const strange: string[] = []
  let row = 0
  let column = 0
  let rest = ''

  /** Down by so many rows; never up to what has scrolled away. */
  function move(by: number) {
    const top = Math.max(0, lines.length - rows)
    row = Math.max(top, row + by)
    while (row >= lines.length) lines.push([])
  }

  function put(character: string) {
    const width = NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1
    if (column + width > columns) {
      move(1)
      column = 0
    }
    const line = lines[row] ?? []
    while (line.length < column) line.push(' ')
    if (width === 0) line[column - 1] = `${line[column - 1] ?? ''}${character}`
    else line[column] = character
    if (width === 2) line[column + 1] = ''
    column += width
  }

  function obey(parameters: string, final: string) {
    const count = Number(parameters) || 1
    if (final === 'A') move(-count)
    else if (final === 'B') move(count)
    else if (final === 'C') column = Math.min(columns - 1, column + count)
    else if (final === 'D') column = Math.max(0, column - count)
    else if (final === 'G') column = count - 1
    else if (final === 'J' && Number(parameters) === 0) {
      lines[row]?.splice(column)
      lines.splice(row + 1)
    } else if (final === 'K' && Number(parameters) === 0) lines[row]?.splice(column)
    else if (final !== 'm' && parameters !== '?2004') strange.push(`CSI ${parameters}${final}`)
  }

  return {
    strange,
    text: () => lines.map((line) => line.join('').trimEnd()).join('\n'),

    write(output) {
      let text = rest + output
      rest = ''
      while (text !== '') {
        const [sequence, parameters = '', final = ''] = SEQUENCE.exec(text) ?? []
        if (sequence) {
          obey(parameters, final)
          text = text.slice(sequence.length)
          continue
        }
        if (BEGUN_SEQUENCE.test(text)) {
          rest = text // its end is still to come
          return
        }
        const character = String.fromCodePoint(text.codePointAt(0) ?? 0)
        if (character === '\n') move(1)
        else if (character === '\r') column = 0
        else if (character === '\b') column = Math.max(0, column - 1)
        else if (/\p{Cc}/u.test(character)) strange.push(JSON.stringify(text.slice(0, 20)))
        else put(character)
        text = text.slice(character.length)
      }
    },
  }
}
