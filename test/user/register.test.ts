import { expect, test } from 'vitest'
import { register, viewer } from '../auth/operations.ts'
import { startServer } from '../support/testkit.ts'

const password = 'cheese for jerry'

test('whoever registers is signed in', async () => {
  const server = await startServer()
  const answer = await server.anonymous.request(register, {
    input: { username: 'Jerry', email: 'Jerry@Temp.com', password, displayName: '  Jerry Mouse ' },
  })
  const { user, accessToken } = answer.register

  expect(user).toMatchObject({
    username: 'Jerry',
    email: 'Jerry@Temp.com',
    displayName: 'Jerry Mouse',
    avatarUrl: null,
  })
  expect(await server.withToken(accessToken).request(viewer)).toEqual({
    viewer: { id: user.id, username: 'Jerry', email: 'Jerry@Temp.com' },
  })
})

test('only a name and a password are needed', async () => {
  const server = await startServer()
  const answer = await server.anonymous.request(register, { input: { username: 'jerry', password } })

  expect(answer.register.user).toMatchObject({ displayName: 'jerry', email: null })
})

test('a username has 3 to 32 letters, digits, _ . -', async () => {
  const server = await startServer()
  for (const username of ['abc', 'x'.repeat(32), 'A.b_c-9', '...']) {
    await expect(server.anonymous.request(register, { input: { username, password } })).resolves.toBeDefined()
  }
  for (const username of [
    'ab',
    'x'.repeat(33),
    'two words',
    'jerry@temp',
    'jérry',
    '',
    ' jerry',
    'jerry\n',
    'jer/ry',
  ]) {
    await expect(server.anonymous.request(register, { input: { username, password } })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'username',
    })
  }
})

test('what is wrong is named, and nothing of it is kept', async () => {
  const server = await startServer()
  const faults = [
    { email: 'no address' },
    { email: 'a@b@c' },
    { email: '' },
    { email: `${'x'.repeat(250)}@temp.com` },
    { email: 'jerry\0@temp.com' },
    { displayName: '   ' },
    { displayName: 'x'.repeat(65) },
    { displayName: 'Jerry\0' },
    { password: 'short' },
    { password: 'ü'.repeat(37) },
  ]

  for (const fault of faults) {
    const input = { username: 'jerry', password, ...fault }
    await expect(server.anonymous.request(register, { input })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      field: Object.keys(fault)[0],
    })
  }
  await expect(server.register('jerry')).resolves.toBeDefined()
})

test('a display name has up to 64 characters, as people count them', async () => {
  const server = await startServer()
  const displayName = '🧀'.repeat(64)
  const answer = await server.anonymous.request(register, { input: { username: 'jerry', password, displayName } })

  expect(answer.register.user.displayName).toBe(displayName)
})

test('a password may have 72 bytes, of any characters', async () => {
  const server = await startServer()
  const input = { username: 'jerry', password: '🧀'.repeat(18) }

  await expect(server.anonymous.request(register, { input })).resolves.toBeDefined()
})

test('a name is taken in any case', async () => {
  const server = await startServer()
  await server.register('Jerry')

  for (const username of ['Jerry', 'jerry', 'JERRY']) {
    await expect(server.anonymous.request(register, { input: { username, password } })).rejects.toMatchObject({
      code: 'CONFLICT',
      field: 'username',
    })
  }
})

test('so is an email address, and the name stays free', async () => {
  const server = await startServer()
  await server.anonymous.request(register, { input: { username: 'jerry', password, email: 'mouse@temp.com' } })

  await expect(
    server.anonymous.request(register, { input: { username: 'nibbles', password, email: 'Mouse@temp.COM' } }),
  ).rejects.toMatchObject({ code: 'CONFLICT', field: 'email' })
  await expect(server.register('nibbles')).resolves.toBeDefined()
})

test('of many who register one name side by side, one gets it', async () => {
  const server = await startServer()
  const attempts = ['jerry', 'Jerry', 'JERRY', 'jErry'].map((username) =>
    server.anonymous.request(register, { input: { username, password } }).then(
      () => 'registered',
      (error) => [error.code, error.field].join(' '),
    ),
  )

  expect((await Promise.all(attempts)).toSorted()).toEqual([
    'CONFLICT username',
    'CONFLICT username',
    'CONFLICT username',
    'registered',
  ])
})
