/** Texts that have been begun, each with its conversation, kept on the device. */
export function readDraft(userId: string, placeId: string): string {
  return localStorage.getItem(keyOf(userId, placeId)) ?? ''
}

export function keepDraft(userId: string, placeId: string, text: string): void {
  if (text) localStorage.setItem(keyOf(userId, placeId), text)
  else localStorage.removeItem(keyOf(userId, placeId))
}

function keyOf(userId: string, placeId: string): string {
  return `chatserver.draft.${userId}.${placeId}`
}
