import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { ChatError, StartError } from '../errors.ts'
import { type Answer, type Ask, readJson } from './admin-request.ts'

const NOBODY = ['ENOENT', 'ENOTDIR', 'ECONNREFUSED', 'EINVAL', 'ENAMETOOLONG']

/**
 * Finds the server that listens to the owner's commands there.
 * @returns null where none does
 * @throws StartError where it is another user's
 */
export async function findServer(path: string): Promise<Ask | null> {
  const probe = await open(path)
  probe?.destroy()
  if (!probe) return null
  return async (command, input) => {
    const socket = await open(path)
    if (!socket) throw new StartError('The server has just stopped: try again.')
    socket.end(JSON.stringify({ command, input }))
    const given = (await readJson(socket).catch(() => {
      throw new StartError('The server stopped before it answered: whether it was done is for you to see.')
    })) as Answer
    if ('fault' in given) throw new StartError(given.fault)
    if ('refusal' in given) throw new ChatError(given.code, given.refusal)
    // What the service of the same version returned.
    return given.result as never
  }
}

async function open(path: string): Promise<Socket | null> {
  const socket = connect({ path, allowHalfOpen: true })
  try {
    await once(socket, 'connect')
    return socket
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    if (NOBODY.includes(code)) return null
    if (code === 'EACCES') throw new StartError(`Run this as the user that the server runs as (${message}).`)
    throw error
  }
}
