import { Prisma } from '../generated/prisma/client.ts'
import { newId } from '../ids.ts'
import type { Database } from './database.ts'

const PASSWORD = 'password123'
const NAMES = ['Tom', 'Jerry']

/** Makes two users to try the server with, where it has none. */
export async function seedUsers({
  database,
  passwords,
}: {
  database: Database
  passwords: { hash(password: string): Promise<string> }
}): Promise<void> {
  const someone = await database.readSql.all(Prisma.sql`SELECT "id" FROM "User" LIMIT 1`)
  if (someone.length > 0) return
  const users = await Promise.all(
    NAMES.map(async (displayName) => {
      const username = displayName.toLowerCase()
      const email = `${username}@temp.com`
      const user = {
        id: newId(),
        username,
        usernameKey: username,
        email,
        emailKey: email,
        displayName,
        nameKey: username,
        createdAt: new Date(),
      }
      return { user, hash: await passwords.hash(PASSWORD) }
    }),
  )
  await database.write(async (tx) => {
    // Another node may have done so meanwhile.
    if (await tx.user.findFirst()) return
    await tx.user.createMany({ data: users.map(({ user }) => user) })
    await tx.password.createMany({ data: users.map(({ user, hash }) => ({ userId: user.id, hash })) })
  })
}
