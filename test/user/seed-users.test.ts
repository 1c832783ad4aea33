import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../src/database/database.ts'
import { seedUsers } from '../../src/database/seed-users.ts'
import { login } from '../auth/operations.ts'
import { newDatabase, startServer } from '../support/testkit.ts'
import { deleteAccount, users } from './operations.ts'

test('an empty database gets tom and jerry', async () => {
  const server = await startServer({ seedUsers: true })

  for (const name of ['tom', 'jerry', 'tom@temp.com', 'jerry@temp.com']) {
    await expect(server.anonymous.request(login, { login: name, password: 'password123' })).resolves.toBeDefined()
  }
})

test('they are not made again where somebody is or was', async () => {
  const databaseUrl = await newDatabase()
  const server = await startServer({ databaseUrl, seedUsers: true })
  const tom = await server.login({ username: 'tom', password: 'password123' })
  await tom.request(deleteAccount, { password: 'password123' })
  await server.stop()
  const again = await startServer({ databaseUrl, seedUsers: true })
  const jerry = await again.login({ username: 'jerry', password: 'password123' })

  const { edges } = (await jerry.request(users)).users
  expect(edges.map(({ node }) => node.username)).toEqual(['jerry'])
})

test('nobody is made where the setting is off', async () => {
  const server = await startServer({ seedUsers: false })
  await expect(server.anonymous.request(login, { login: 'tom', password: 'password123' })).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  })
})

test('of two nodes that start at once, one makes them', async () => {
  const database = await openDatabase(await newDatabase())
  onTestFinished(() => database.close())
  let hashing = 0
  const bothHaveLooked = Promise.withResolvers<void>()
  const passwords = {
    async hash(password: string) {
      if (++hashing === 4) bothHaveLooked.resolve()
      await bothHaveLooked.promise
      return password
    },
  }

  await Promise.all([seedUsers({ database, passwords }), seedUsers({ database, passwords })])
  expect(await database.read.user.count()).toBe(2)
})
