const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

export function timeOf(iso: string): string {
  return time.format(new Date(iso)).replace('\u202f', ' ') // which lets it break, where it is narrow
}

/** Date and time, for a tooltip. */
export function momentOf(iso: string): string {
  return full.format(new Date(iso))
}

/** “Today”, “Yesterday”, or the day in full. */
export function dayOf(iso: string): string {
  const then = new Date(iso)
  const today = new Date()
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1)
  if (isSameDay(then, today)) return 'Today'
  return isSameDay(then, yesterday) ? 'Yesterday' : day.format(then)
}

/** As short as it can be: the time of today, else the date. */
export function shortTimeOf(iso: string): string {
  const then = new Date(iso)
  return isSameDay(then, new Date()) ? time.format(then) : date.format(then)
}

export function isSameDay(a: Date, b: Date): boolean {
  return a.getDate() === b.getDate() && a.getMonth() === b.getMonth() && a.getFullYear() === b.getFullYear()
}
