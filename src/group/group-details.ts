import type { Conversation } from '../generated/prisma/client.ts'
import { cleanText, foldText } from '../text.ts'

const LONGEST_NAME = 80 // characters
const LONGEST_DESCRIPTION = 1_000 // characters

type StoredDetails = Pick<Conversation, 'name' | 'nameKey' | 'description' | 'avatarUrl' | 'visibility'>

/** What people say of a group. What is left out stays as it is; null clears a description or a picture. */
export type GroupDetails = { [Field in Exclude<keyof StoredDetails, 'nameKey'>]?: StoredDetails[Field] | undefined }

/**
 * What a group's details come to with these.
 * @throws ChatError BAD_USER_INPUT on a name or a description that is too long, or no text
 */
export function mergeDetails(stored: StoredDetails, given: GroupDetails): StoredDetails {
  const { name, description, avatarUrl, visibility } = given
  const newName = name == null ? stored.name : cleanText(name, 'name', { min: 1, max: LONGEST_NAME })
  return {
    name: newName,
    nameKey: newName && foldText(newName),
    description: description === undefined ? stored.description : cleanDescription(description ?? ''),
    avatarUrl: avatarUrl === undefined ? stored.avatarUrl : avatarUrl,
    visibility: visibility ?? stored.visibility,
  }
}

/** What is said in the group of a change of its details, after the name of who made it. */
export function describeChanges(before: StoredDetails, after: StoredDetails): string[] {
  const changes: string[] = []
  if (after.name !== before.name) changes.push(`renamed the group to “${after.name}”`)
  if (after.description !== before.description) changes.push('changed the group’s description')
  if (after.avatarUrl !== before.avatarUrl) changes.push('changed the group’s picture')
  if (after.visibility !== before.visibility) {
    changes.push(after.visibility === 'PUBLIC' ? 'made the group public' : 'made the group private')
  }
  return changes
}

function cleanDescription(description: string): string | null {
  return cleanText(description, 'description', { max: LONGEST_DESCRIPTION }) || null
}
