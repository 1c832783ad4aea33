import { newGroup } from '../support/messages.ts'
import { startServer, type TestSettings } from '../support/testkit.ts'

/** Tom and Jerry in a group, and Spike outside. */
export async function newScene(settings: TestSettings) {
  const server = await startServer(settings)
  const [tom, jerry, spike] = [
    await server.register('tom'),
    await server.register('jerry'),
    await server.register('spike'),
  ]
  const { createGroup } = await tom.request(newGroup, { name: 'Cats and mice', memberIds: [jerry.id] })
  return { server, tom, jerry, spike, group: createGroup.group }
}
