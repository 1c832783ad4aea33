// What others write may hold anything, and a terminal obeys much of it: it could move the cursor, recolour or rename
// the window, answer on the keyboard's behalf, or turn the line around.

const ESCAPE_PICTURES = 0x2400 // Unicode's pictures of the control characters, in their order
const DELETE = 0x7f
const CONTROL = /[\p{Cc}\p{Cs}]/gv
const LINE_BREAK = /\r\n?|[\n\v\f\u0085\u2028\u2029]/g
/** Direction marks that reach beyond their own text, and what is not shown at all. */
const DECEPTIVE =
  /[\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}\u00ad\u061c\u180e\u200b\u200e\u200f\u2060-\u2064\ufeff]/gu

/** A text of somebody else's in lines that only show something. Flags made of tags lose them. */
export function harmlessLines(text: string): string[] {
  return text.replaceAll('\t', '    ').split(LINE_BREAK).map(clean)
}

/** The same in one line: a name. */
export function harmless(text: string): string {
  return harmlessLines(text).join(' ')
}

/** JSON that is one line, and moves no terminal either. */
export function harmlessJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[\x7f-\x9f\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

function clean(line: string): string {
  return line.replaceAll(DECEPTIVE, '').replaceAll(CONTROL, (character) => {
    const code = character.charCodeAt(0)
    if (code < 0x20) return String.fromCharCode(ESCAPE_PICTURES + code)
    return code === DELETE ? '␡' : '�'
  })
}
