import type { Conversation } from '../client/fragments.ts'
import { goTo } from '../route.ts'
import { gist, nameOf } from './names.ts'
import type { InboxEvent } from './use-inbox.ts'

const KEY = 'chatserver.notices'

export function canNotify(): boolean {
  return 'Notification' in window && Notification.permission !== 'denied'
}

export function wantsNotices(): boolean {
  return canNotify() && Notification.permission === 'granted' && localStorage.getItem(KEY) !== 'off'
}

/** Asks the browser where it has to be asked. @returns whether there will be notices */
export async function turnNotices(on: boolean): Promise<boolean> {
  localStorage.setItem(KEY, on ? 'on' : 'off')
  if (on && Notification.permission === 'default') await Notification.requestPermission()
  return wantsNotices()
}

/** Shows a new message of somebody else on the desktop, while the page isn't looked at. */
export function notify({ type, message }: InboxEvent, conversation: Conversation | undefined, viewerId: string): void {
  if (type !== 'CREATED' || message.sender.id === viewerId || conversation?.muted) return
  if (!document.hidden || !wantsNotices()) return
  const { id } = message.conversation
  const sender = message.sender.displayName
  const title = conversation?.__typename === 'Group' ? `${sender} in ${nameOf(conversation)}` : sender
  const notice = new Notification(title, { body: gist(message), tag: id, icon: '/favicon.svg' })
  notice.onclick = () => {
    window.focus()
    goTo({ type: 'conversation', id })
  }
}
