/** Who is writing now. It keeps its place while nobody is, so that nothing moves. */
export function TypingLine({ names }: { names: readonly string[] }) {
  return (
    <p className="typing-line" role="status">
      {textFor(names)}
    </p>
  )
}

function textFor([first, second, ...more]: readonly string[]): string {
  if (!first) return ''
  if (!second) return `${first} is typing…`
  return more.length === 0 ? `${first} and ${second} are typing…` : 'Several people are typing…'
}
