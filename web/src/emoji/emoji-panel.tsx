import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { useChat } from '../chat.ts'
import { Button } from '../ui/button.tsx'
import { type Emoji, type EmojiGroup, findEmoji } from './emoji.ts'
import { EmojiGrid, idOf } from './emoji-grid.tsx'
import { openHabits } from './emoji-habits.ts'
import { type Place, placeAfter, rowsOf } from './emoji-rows.ts'
import { SKIN_TONES, withoutTone, withTone } from './skin-tones.ts'
import { useEmoji } from './use-emoji.ts'

/** All emoji, to be looked for by name or group: with the pointer, or arrows and Enter while the search has the focus. */
export function EmojiPanel({ onPick }: { onPick: (emoji: string) => void }) {
  const { session } = useChat()
  const habits = useMemo(() => openHabits(session.user.id), [session])
  const { groups: all, hasFailed, load } = useEmoji()
  const [search, setSearch] = useState('')
  const [tone, setTone] = useState(habits.tone)
  const [chosen, setChosen] = useState<Place | null>(null)
  const [jump, setJump] = useState<{ row: number } | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const id = useId()

  const groups = useMemo(() => inTone(all ?? [], tone), [all, tone])
  const rows = useMemo(() => {
    if (search.trim()) return rowsOf(findEmoji(groups, search))
    const recent = recentOf(groups, habits.recent())
    return [...rowsOf(recent, 'Recently used'), ...groups.flatMap(({ name, emoji }) => rowsOf(emoji, name))]
  }, [groups, search, habits])
  const isSearching = search.trim() !== ''
  const first = isSearching && rows.length > 0 ? { row: 0, column: 0 } : null
  const active = chosen ?? first
  const activeEmoji = active && rows[active.row]?.emoji?.[active.column]
  const found = rows.reduce((sum, { emoji }) => sum + (emoji?.length ?? 0), 0)

  // Not where a keyboard would come up over it.
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) input.current?.focus()
  }, [])

  function press(event: KeyboardEvent<HTMLInputElement>): void {
    const { key, currentTarget } = event
    if (event.nativeEvent.isComposing) return
    if (key === 'Enter') {
      event.preventDefault()
      if (activeEmoji) onPick(activeEmoji.emoji)
      return
    }
    const isSideways = key === 'ArrowLeft' || key === 'ArrowRight'
    if (!isSideways && key !== 'ArrowUp' && key !== 'ArrowDown') return
    // Within the text that has been typed, they move as in any text.
    if (isSideways && !chosen && (key === 'ArrowLeft' || currentTarget.selectionEnd !== search.length || !first)) return
    event.preventDefault()
    const to = active ? placeAfter(rows, active, key) : placeAfter(rows, { row: -1, column: 0 }, 'ArrowDown')
    if (to.row >= 0) setChosen(to)
  }

  return (
    <div className="emoji-panel">
      <div className="emoji-search">
        <input
          ref={input}
          className="search-input"
          type="search"
          role="combobox"
          aria-label="Search emoji"
          aria-autocomplete="list"
          aria-haspopup="grid"
          aria-expanded={rows.length > 0}
          aria-controls={id}
          aria-activedescendant={active ? idOf(id, active) : undefined}
          placeholder="Search emoji"
          autoComplete="off"
          value={search}
          onChange={({ currentTarget }) => {
            setSearch(currentTarget.value)
            setChosen(null)
          }}
          onKeyDown={press}
        />
        <select
          aria-label="Skin tone"
          title="Skin tone"
          value={tone}
          onChange={({ currentTarget }) => {
            setTone(currentTarget.value)
            habits.keepTone(currentTarget.value)
          }}
        >
          {SKIN_TONES.map(({ name, modifier }) => (
            <option key={name} value={modifier} aria-label={name} title={name}>
              {withTone('✋', modifier)}
            </option>
          ))}
        </select>
      </div>
      {!isSearching && groups.length > 0 && (
        <nav className="emoji-groups" aria-label="Groups of emoji">
          {groups.map(({ name, emoji }) => (
            <button
              key={name}
              type="button"
              aria-label={name}
              title={name}
              onClick={() => setJump({ row: rows.findIndex(({ heading }) => heading === name) })}
            >
              {emoji[0]?.emoji}
            </button>
          ))}
        </nav>
      )}
      <EmojiGrid key={String(isSearching)} id={id} rows={rows} active={active} jump={jump} onPick={onPick} />
      <p className="emoji-name" role="status">
        {hasFailed ? (
          <>
            The emoji could not be loaded. <Button onClick={load}>Try again</Button>
          </>
        ) : isSearching && all ? (
          found === 0 ? (
            'None is called that.'
          ) : (
            `${found} found`
          )
        ) : (
          activeEmoji?.name
        )}
      </p>
    </div>
  )
}

function inTone(groups: readonly EmojiGroup[], modifier: string): readonly EmojiGroup[] {
  if (!modifier) return groups
  const toned = (one: Emoji) => (one.hasTones ? { ...one, emoji: withTone(one.emoji, modifier) } : one)
  return groups.map(({ name, emoji }) => ({ name, emoji: emoji.map(toned) }))
}

/** Each as it was picked, in its tone of then. */
function recentOf(groups: readonly EmojiGroup[], recent: readonly string[]): Emoji[] {
  const known = new Map(groups.flatMap(({ emoji }) => emoji).map((one) => [withoutTone(one.emoji), one]))
  return recent.flatMap((emoji) => {
    const one = known.get(withoutTone(emoji))
    return one ? [{ ...one, emoji }] : []
  })
}
