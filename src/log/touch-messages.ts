import { type SqlConnection, valuesAtLeastOnce } from '../database/sql-connection.ts'
import { inSteps } from '../database/steps.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { takePositions } from './append-messages.ts'
import type { MessageRow, Position } from './change.ts'
import { inList, queryMessages } from './message-sql.ts'

interface Place {
  id: string
  position: Position
  conversationId: string
  /** The conversation's latest change. */
  conversationPosition: Position
}

/**
 * Moves messages to the log's end, in the order in which they stood there, with a few statements for each 500.
 * @returns them as they are now, in that order
 */
export async function touchMessages(connection: SqlConnection, ids: readonly string[]): Promise<MessageRow[]> {
  const touched: MessageRow[] = []
  for (const some of inSteps(ids)) touched.push(...(await touchStep(connection, some)))
  return touched
}

async function touchStep(connection: SqlConnection, ids: readonly string[]): Promise<MessageRow[]> {
  const places = await connection.all<Place>(
    Prisma.sql`SELECT m."id", m."position", m."conversationId", c."position" AS "conversationPosition"
      FROM "Message" m JOIN "Conversation" c ON c."id" = m."conversationId"
      WHERE ${inList(Prisma.sql`m."id"`, ids)}`,
  )
  if (places.length === 0) return []
  places.sort(byPosition)
  const last = await takePositions(connection, places.length)
  const heads = new Map(places.map((place) => [place.conversationId, place.conversationPosition]))
  const moves = places.map(({ id, conversationId }, index) => {
    const position = last - BigInt(places.length - 1 - index)
    const previousPosition = heads.get(conversationId)
    heads.set(conversationId, position)
    return [id, position, previousPosition]
  })
  await connection.run(
    Prisma.sql`UPDATE "Message" AS m SET "position" = v.column2, "previousPosition" = v.column3
      FROM (${valuesAtLeastOnce(moves)}) AS v WHERE m."id" = v.column1`,
  )
  await connection.run(
    Prisma.sql`UPDATE "Conversation" AS c SET "position" = v.column2
      FROM (${valuesAtLeastOnce([...heads])}) AS v WHERE c."id" = v.column1`,
  )
  return (await queryMessages(connection, Prisma.sql`WHERE ${inList(Prisma.sql`m."id"`, ids)}`)).sort(byPosition)
}

function byPosition(one: { position: Position }, other: { position: Position }): number {
  return one.position < other.position ? -1 : 1
}
