import { type SqlConnection, valuesAtLeastOnce } from '../database/sql-connection.ts'
import { inSteps } from '../database/steps.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { MessageRow } from './change.ts'
import { findHandles } from './mention-handles.ts'

type Mentioning = Pick<MessageRow, 'id' | 'conversationId' | 'seq' | 'senderId' | 'content'>

interface NamedMember {
  conversationId: string
  usernameKey: string
  userId: string
}

/** Stores whom messages name, of the members of their conversations. Costs nothing where there is no `@`. */
export async function storeMentions(connection: SqlConnection, messages: readonly Mentioning[]): Promise<void> {
  const naming = messages.flatMap((message) => {
    const handles = findHandles(message.content ?? '')
    return handles.length > 0 ? [{ message, handles }] : []
  })
  if (naming.length === 0) return
  const names = naming.flatMap(({ message: { conversationId }, handles }) =>
    handles.flat().map((usernameKey) => ({ conversationId, usernameKey })),
  )
  const members = new Map((await findMembers(connection, names)).map((member) => [nameKey(member), member.userId]))

  const rows = naming.flatMap(({ message: { id, conversationId, seq, senderId }, handles }) => {
    const findId = (usernameKey: string) => members.get(nameKey({ conversationId, usernameKey }))
    const named = new Set(handles.flatMap((readings) => readings.map(findId).find(Boolean) ?? []))
    return [...named].map((userId, ordinal) => ({ messageId: id, userId, ordinal, conversationId, seq, senderId }))
  })
  await connection.insert('Mention', rows)
}

/** Stores whom a message names by its new content instead. */
export async function replaceMentions(connection: SqlConnection, message: Mentioning): Promise<void> {
  await connection.run(Prisma.sql`DELETE FROM "Mention" WHERE "messageId" = ${message.id}`)
  await storeMentions(connection, [message])
}

async function findMembers(
  connection: SqlConnection,
  names: readonly Omit<NamedMember, 'userId'>[],
): Promise<NamedMember[]> {
  const found: NamedMember[] = []
  for (const some of inSteps(names)) {
    const step = some.map((name) => [name.conversationId, name.usernameKey])
    const members = await connection.all<NamedMember>(
      Prisma.sql`SELECT m."conversationId", u."usernameKey", m."userId" FROM (${valuesAtLeastOnce(step)}) AS k
        JOIN "User" u ON u."usernameKey" = k.column2 AND u."deletedAt" IS NULL
        JOIN "Member" m ON m."conversationId" = k.column1 AND m."userId" = u."id"`,
    )
    found.push(...members)
  }
  return found
}

function nameKey({ conversationId, usernameKey }: Omit<NamedMember, 'userId'>): string {
  return `${conversationId} ${usernameKey}`
}
