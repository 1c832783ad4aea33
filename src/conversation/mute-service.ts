import type { Viewer } from '../auth/viewer.ts'
import type { Database } from '../database/database.ts'
import { notFound } from '../errors.ts'
import type { Conversation, Member } from '../generated/prisma/client.ts'

/** Whether somebody wants notice of a conversation. It is his alone, and changes nothing of what he gets or counts. */
export interface MuteService {
  /**
   * @param until null for good; one that has passed means not muted
   * @throws ChatError NOT_FOUND where he isn't a member
   */
  mute(viewer: Viewer, conversationId: string, until: Date | null): Promise<Conversation>
  /** @throws ChatError NOT_FOUND where he isn't a member */
  unmute(viewer: Viewer, conversationId: string): Promise<Conversation>
}

export function createMuteService(database: Database): MuteService {
  function update(viewer: Viewer, conversationId: string, data: Pick<Member, 'mutedAt' | 'mutedUntil'>) {
    return database.write(async (tx) => {
      const { count } = await tx.member.updateMany({ where: { conversationId, userId: viewer.userId }, data })
      if (count === 0) throw notFound('Conversation')
      return tx.conversation.findUniqueOrThrow({ where: { id: conversationId } })
    })
  }

  return {
    mute: (viewer, id, until) => update(viewer, id, { mutedAt: new Date(), mutedUntil: until }),
    unmute: (viewer, id) => update(viewer, id, { mutedAt: null, mutedUntil: null }),
  }
}

export function isMuted({ mutedAt, mutedUntil }: Member): boolean {
  return mutedAt !== null && (mutedUntil === null || mutedUntil > new Date())
}
