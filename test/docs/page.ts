/** A fenced block of a Markdown page. */
export interface Block {
  /** In the page, from 1. */
  line: number
  /** The first word behind the fence: what it is written in. */
  language: string
  /** What stands behind it, as `terminal=jerry`: what is to be done with the block. */
  options: Record<string, string>
  text: string
}

const FENCED = /^```(\S+)(.*)\n([\s\S]*?)^```$/gm

/** The fenced blocks of a Markdown page, in their order. */
export function blocksOf(page: string): Block[] {
  return [...page.matchAll(FENCED)].map(({ index, 1: language = '', 2: info = '', 3: text = '' }) => ({
    line: page.slice(0, index).split('\n').length,
    language,
    options: Object.fromEntries(info.split(' ').flatMap((word) => (word ? [word.split('=', 2)] : []))),
    text,
  }))
}

/**
 * What was printed, with what the page shows in place of each line that is as shown: an `…` there stands for an id,
 * a time, a token or a cursor, anything without spaces and quotes. It is equal to what is shown where all is so.
 */
export function likeShown(shown: string, printed: string): string {
  const lines = shown.split('\n')
  return printed
    .split('\n')
    .map((line, index) => (matches(lines[index] ?? '', line) ? lines[index] : line))
    .join('\n')
}

function matches(shown: string, line: string): boolean {
  const parts = shown.split('…').map((part) => RegExp.escape(part))
  return new RegExp(`^${parts.join('[^\\s"]+')}$`).test(line)
}
