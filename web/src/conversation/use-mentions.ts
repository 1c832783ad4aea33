import { type KeyboardEvent, type RefObject, useId, useState } from 'react'
import { useQuery } from 'urql'
import { useChat } from '../chat.ts'
import type { User } from '../client/fragments.ts'
import { useDebounced } from '../ui/use-debounced.ts'
import { handleAt, isCalled } from './mention-handles.ts'
import { MembersCalled } from './message-operations.ts'

const PAUSE = 120 // ms

interface Options {
  /** Null where nobody is to be offered. */
  groupId: string | null
  field: RefObject<HTMLTextAreaElement | null>
  text: string
  onWrite: (text: string) => void
}

/** The members whom the `@name` being written may mean. The focus stays in the field. */
export function useMentions({ groupId, field, text, onWrite }: Options) {
  const { session } = useChat()
  const [caret, setCaret] = useState<number | null>(null)
  const [closed, setClosed] = useState<number | null>(null)
  const [chosen, setChosen] = useState<{ id: string; name: string } | null>(null)
  const id = useId()
  const handle = groupId && caret !== null ? handleAt(text, caret) : null
  const isSought = handle !== null && closed !== handle.start
  const name = isSought ? handle.name : ''
  const settled = useDebounced(name, PAUSE)
  const [{ data }] = useQuery({
    query: MembersCalled,
    variables: { id: groupId ?? '', search: settled },
    pause: groupId === null || settled === '',
  })

  const members = data?.node && 'members' in data.node ? data.node.members.edges : []
  // What is here may still be for fewer letters.
  const people = !isSought
    ? []
    : members.map(({ node }) => node.user).filter((user) => user.id !== session.user.id && isCalled(user, name))
  const found = chosen?.name === name ? people.findIndex((user) => user.id === chosen.id) : -1
  const index = Math.max(found, 0)

  function take({ username }: User): void {
    const element = field.current
    if (!element || !handle || caret === null) return
    const end = text[caret] === ' ' ? caret + 1 : caret
    element.focus()
    element.setRangeText(`@${username} `, handle.start, end, 'end')
    setCaret(null)
    onWrite(element.value)
  }

  /** @returns whether the key was meant for the list */
  function press(event: KeyboardEvent): boolean {
    const active = people[index]
    if (!active || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return false
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = people.at((index + (event.key === 'ArrowDown' ? 1 : -1)) % people.length)
      if (next) setChosen({ id: next.id, name })
    } else if (event.key === 'Enter' || event.key === 'Tab') take(active)
    else if (event.key === 'Escape') setClosed(handle?.start ?? null)
    else return false
    event.preventDefault()
    return true
  }

  return {
    id,
    people,
    index,
    take,
    press,
    /** Hears where the caret is; null where it is elsewhere. */
    setCaret(next: number | null): void {
      setCaret(next)
      if (next === null || !handleAt(field.current?.value ?? '', next)) setClosed(null)
    },
  }
}
