import { expect, test } from 'vitest'
import { login, viewer } from '../auth/operations.ts'
import { startServer } from '../support/testkit.ts'
import { updateProfile, userById } from './operations.ts'

const avatarUrl = 'https://temp.com/tom.png'

test('what is given changes, what is left out stays', async () => {
  const server = await startServer()
  const tom = await server.register('tom')

  const first = await tom.request(updateProfile, { input: { displayName: ' Thomas ', email: ' Tom@Temp.com ' } })
  expect(first.updateProfile.user).toEqual({
    id: tom.id,
    displayName: 'Thomas',
    avatarUrl: null,
    email: 'Tom@Temp.com',
  })
  const second = await tom.request(updateProfile, { input: { avatarUrl } })
  expect(second.updateProfile.user).toEqual({ id: tom.id, displayName: 'Thomas', avatarUrl, email: 'Tom@Temp.com' })
  const third = await tom.request(updateProfile, { input: {} })
  expect(third).toEqual(second)
})

test('null clears what may be missing', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  await tom.request(updateProfile, { input: { avatarUrl, email: 'tom@temp.com' } })
  const cleared = await tom.request(updateProfile, { input: { avatarUrl: null, email: null } })

  expect(cleared.updateProfile.user).toMatchObject({ avatarUrl: null, email: null })
  await expect(tom.request(updateProfile, { input: { displayName: null } })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    field: 'displayName',
  })
})

test('others see the new name and picture', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  await tom.request(updateProfile, { input: { displayName: 'Thomas', avatarUrl, email: 'tom@temp.com' } })

  expect((await jerry.request(userById, { id: tom.id })).user).toMatchObject({
    username: 'tom',
    displayName: 'Thomas',
    avatarUrl,
    email: null,
  })
})

test('the new email address signs in, the old one no longer', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  await tom.request(updateProfile, { input: { email: 'old@temp.com' } })
  await tom.request(updateProfile, { input: { email: 'new@temp.com' } })
  const { password } = tom

  await expect(server.anonymous.request(login, { login: 'new@temp.com', password })).resolves.toBeDefined()
  await expect(server.anonymous.request(login, { login: 'old@temp.com', password })).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  })
})

test('an email address of somebody else is refused, one’s own in another case is not', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const jerry = await server.register('jerry')
  await tom.request(updateProfile, { input: { email: 'tom@temp.com' } })

  await expect(
    jerry.request(updateProfile, { input: { email: 'TOM@temp.com', displayName: 'Not Jerry' } }),
  ).rejects.toMatchObject({ code: 'CONFLICT', field: 'email' })
  expect((await tom.request(userById, { id: jerry.id })).user).toMatchObject({ displayName: 'jerry' })
  await tom.request(updateProfile, { input: { email: 'TOM@temp.com' } })
  expect(await tom.request(viewer)).toMatchObject({ viewer: { email: 'TOM@temp.com' } })
})

test('what is wrong is named', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const faults = [
    { displayName: '' },
    { displayName: 'x'.repeat(65) },
    { email: 'nonsense' },
    { avatarUrl: 'javascript:alert(1)' },
    { avatarUrl: '/tom.png' },
  ]

  for (const input of faults) {
    await expect(tom.request(updateProfile, { input })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      field: Object.keys(input)[0],
    })
  }
})
