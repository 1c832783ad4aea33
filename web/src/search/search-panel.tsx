import type { Conversation } from '../client/fragments.ts'

export function SearchPanel(_props: { query: string; conversations: readonly Conversation[]; onDone: () => void }) {
  return null
}
