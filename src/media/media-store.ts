import type { Media } from '../generated/prisma/client.ts'
import type { ReceivedFile } from './media-files.ts'

/** What keeps uploads for good. */
export interface MediaStore {
  /** Makes an upload durable, its row and its bytes; leaves neither where it rejects. */
  add(media: Media, received: ReceivedFile): Promise<void>
  /**
   * Resolves when its file lies in this node's folder.
   * @throws ChatError NOT_FOUND where its bytes are gone
   */
  provide(media: Media): Promise<void>
  /** Deletes the files here of uploads that other nodes have deleted. */
  tidy(): Promise<void>
}
