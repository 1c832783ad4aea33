import type { Conversation } from '../client/fragments.ts'
import { goTo } from '../route.ts'
import { gist, nameOf } from './names.ts'
import type { InboxEvent } from './use-inbox.ts'

const KEY = 'chatserver.notices'
const LOOKED_AT = 'chatserver.looked-at'

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

/** Shows a new message of somebody else on the desktop, while no tab of the page is looked at. */
export async function notify(
  { type, message }: InboxEvent,
  conversation: Conversation | undefined,
  viewerId: string,
): Promise<void> {
  if (type !== 'CREATED' || message.sender.id === viewerId || conversation?.muted) return
  if (!wantsNotices() || (await isLookedAt())) return
  const { id } = message.conversation
  const sender = message.sender.displayName
  const title = conversation?.__typename === 'Group' ? `${sender} in ${nameOf(conversation)}` : sender
  const notice = show(title, { body: gist(message), tag: id, icon: '/favicon.svg' })
  if (!notice) return
  notice.onclick = () => {
    window.focus()
    goTo({ type: 'conversation', id })
  }
}

/** Has all tabs know that this one is looked at. @returns what ends it */
export function noteLooking(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>()
  // Where there are no locks, there are no notices either.
  void navigator.locks?.request(LOOKED_AT, { mode: 'shared' }, () => promise)
  return resolve
}

async function isLookedAt(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query()
  return held.some(({ name }) => name === LOOKED_AT)
}

/** @returns null where the browser has the permission, but no such notices: on Android */
function show(title: string, options: NotificationOptions): Notification | null {
  try {
    return new Notification(title, options)
  } catch {
    return null
  }
}
