import { useState } from 'react'
import { Dialog } from '../ui/dialog.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { AccountTab } from './account-tab.tsx'
import { BlockedTab } from './blocked-tab.tsx'
import { DevicesTab } from './devices-tab.tsx'
import { ProfileForm, type ProfileProps } from './profile-form.tsx'

const TABS = { profile: 'Profile', devices: 'Devices', blocked: 'Blocked', account: 'Account' } as const

/** What the viewer can settle about himself. */
export function ProfileDialog({ viewer, error, onClose }: ProfileProps & { onClose: () => void }) {
  const [tab, setTab] = useState<keyof typeof TABS>('profile')
  return (
    <Dialog title="Settings" onClose={onClose}>
      <Tabs tabs={TABS} selected={tab} onSelect={setTab}>
        {tab === 'profile' && <ProfileForm viewer={viewer} error={error} />}
        {tab === 'devices' && <DevicesTab />}
        {tab === 'blocked' && <BlockedTab />}
        {tab === 'account' && <AccountTab />}
      </Tabs>
    </Dialog>
  )
}
