import { useEffect, useRef, useState } from 'react'
import { useQuery } from 'urql'
import { useChat } from './chat.ts'
import { useRetry } from './client/use-retry.ts'
import { ConversationList } from './conversations/conversation-list.tsx'
import type { useConversations } from './conversations/use-conversations.ts'
import { NewConversation } from './groups/new-conversation.tsx'
import { ProfileDialog } from './profile/profile-dialog.tsx'
import { Viewer } from './profile/profile-operations.ts'
import type { Place } from './route.ts'
import { SearchPanel } from './search/search-panel.tsx'
import { goThroughLinks } from './ui/arrow-keys.ts'
import { Avatar } from './ui/avatar.tsx'
import { IconButton } from './ui/button.tsx'
import { Icon } from './ui/icon.tsx'
import './sidebar.css'

/** Who is signed in, what can be begun, and the conversations or what was found in them. */
export function Sidebar({ list, place }: { list: ReturnType<typeof useConversations>; place: Place | null }) {
  const { session } = useChat()
  const [open, setOpen] = useState<'profile' | 'new' | null>(null)
  const [search, setSearch] = useState('')
  const searchField = useRef<HTMLInputElement>(null)
  const [{ data, error }, ask] = useQuery({ query: Viewer })
  useRetry(error, ask)
  const user = data?.viewer ?? session.user

  useEffect(() => {
    const find = (event: KeyboardEvent) => {
      if (event.key !== 'k' || !(event.ctrlKey || event.metaKey) || document.querySelector('dialog')) return
      event.preventDefault()
      searchField.current?.select()
    }
    window.addEventListener('keydown', find)
    return () => window.removeEventListener('keydown', find)
  }, [])

  return (
    <aside className="sidebar" aria-label="ChatServer">
      <header className="sidebar-header">
        <button type="button" className="sidebar-viewer" onClick={() => setOpen('profile')}>
          <Avatar name={user.displayName} url={user.avatarUrl} size={30} />
          <h1 dir="auto">{user.displayName}</h1>
          <span className="visually-hidden">: profile and settings</span>
        </button>
        <IconButton label="New conversation" onClick={() => setOpen('new')}>
          <Icon name="plus" size={20} />
        </IconButton>
      </header>
      <div className="sidebar-content" role="none" onKeyDown={goThroughLinks}>
        <div className="sidebar-search">
          <Icon name="search" size={16} />
          <input
            ref={searchField}
            type="search"
            className="search-input"
            placeholder="Search"
            title="Search (Ctrl+K)"
            aria-label="Search people, groups and messages"
            aria-keyshortcuts="Control+K Meta+K"
            value={search}
            onChange={({ currentTarget }) => setSearch(currentTarget.value)}
            onKeyDown={(event) => event.key === 'Escape' && setSearch('')}
          />
        </div>
        {search.trim() ? (
          <SearchPanel query={search.trim()} conversations={list.conversations} onDone={() => setSearch('')} />
        ) : (
          <ConversationList {...list} place={place} viewerId={user.id} />
        )}
      </div>
      {open === 'new' && <NewConversation onClose={() => setOpen(null)} />}
      {open === 'profile' && <ProfileDialog viewer={data?.viewer} error={error} onClose={() => setOpen(null)} />}
    </aside>
  )
}
