import { useState } from 'react'
import { goTo } from '../route.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { NewGroup } from './new-group.tsx'
import { PeoplePicker } from './people-picker.tsx'
import { PublicGroupList } from './public-group-list.tsx'

const TABS = { person: 'A person', group: 'A new group', discover: 'Public groups' } as const

/** Begins a direct conversation or a group, or joins one. */
export function NewConversation({ onClose }: { onClose: () => void }) {
  const [tab, setTab] = useState<keyof typeof TABS>('person')

  function open(groupId: string): void {
    goTo({ type: 'conversation', id: groupId })
    onClose()
  }

  return (
    <Dialog title="New conversation" onClose={onClose}>
      <Tabs tabs={TABS} selected={tab} onSelect={setTab}>
        {tab === 'person' && (
          <PeoplePicker
            label="With whom?"
            onPick={({ id }) => {
              goTo({ type: 'user', id })
              onClose()
            }}
          />
        )}
        {tab === 'group' && <NewGroup onCreated={open} />}
        {tab === 'discover' && <PublicGroupList onJoined={open} />}
      </Tabs>
    </Dialog>
  )
}
