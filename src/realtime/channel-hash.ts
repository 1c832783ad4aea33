/** A channel's short name: FNV-1a in 32 bits (Fowler, Noll and Vo). Two channels may have the same one. */
export function hashChannel(channel: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < channel.length; at++) hash = Math.imul(hash ^ channel.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
