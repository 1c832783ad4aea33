import { expect, test } from 'vitest'
import { startServer } from '../support/testkit.ts'
import { changePassword, login, refreshSession, viewer } from './operations.ts'

const newPassword = 'another password'

test('a new password replaces the old one', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  await tom.request(changePassword, { currentPassword: tom.password, newPassword })

  await expect(server.anonymous.request(login, { login: 'tom', password: newPassword })).resolves.toBeDefined()
  await expect(server.anonymous.request(login, { login: 'tom', password: tom.password })).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  })
})

test('it ends every session, and opens a new one', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const phone = await server.login(tom)
  const answer = await tom.request(changePassword, { currentPassword: tom.password, newPassword })

  for (const device of [tom, phone]) {
    await expect(device.request(viewer)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    await expect(server.anonymous.request(refreshSession, { refreshToken: device.refreshToken })).rejects.toMatchObject(
      { code: 'UNAUTHENTICATED' },
    )
  }
  const { accessToken, refreshToken } = answer.changePassword
  await expect(server.withToken(accessToken).request(viewer)).resolves.toMatchObject({ viewer: { username: 'tom' } })
  await expect(server.anonymous.request(refreshSession, { refreshToken })).resolves.toBeDefined()
})

test('it needs the current password, and a new one that can be one', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const change = (currentPassword: string, next: string) =>
    tom.request(changePassword, { currentPassword, newPassword: next })

  await expect(change('not his password', newPassword)).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    field: 'currentPassword',
  })
  await expect(change(tom.password, 'short')).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'newPassword' })
  await expect(tom.request(viewer)).resolves.toBeDefined()
})

test('only who is signed in can change it', async () => {
  const server = await startServer()
  const { password } = await server.register('tom')

  await expect(
    server.anonymous.request(changePassword, { currentPassword: password, newPassword }),
  ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})

test('of two changes side by side, one wins', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  const change = (next: string) => tom.request(changePassword, { currentPassword: tom.password, newPassword: next })
  const outcomes = await Promise.allSettled([change('the first new one'), change('the second new one')])

  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
})

test('a login with the old password that was under way opens nothing once it has changed', async () => {
  const server = await startServer()
  const tom = await server.register('tom')
  // More than the threads compare at once: some logins have matched when the password changes, some come to wait.
  const logins = Array.from({ length: 6 }, () =>
    server.anonymous.request(login, { login: 'tom', password: tom.password }).catch(() => null),
  )
  await tom.request(changePassword, { currentPassword: tom.password, newPassword })

  for (const answer of await Promise.all(logins)) {
    if (!answer) continue
    await expect(server.withToken(answer.login.accessToken).request(viewer)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    })
  }
})
