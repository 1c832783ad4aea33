import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { poll } from '../support/patience.ts'

// A test run that is killed while its server runs, or is frozen.
const script = (state: 'running' | 'frozen') => `
  const { startRedis } = await import(${JSON.stringify(join(import.meta.dirname, '../support/redis-server.ts'))})
  const redis = await startRedis({ atEnd: () => {} })
  ${state === 'frozen' ? 'await redis.freeze()' : ''}
  console.log(redis.port, redis.folder)
  setInterval(() => {}, 1_000)
`

needs('redis')('a server', () => {
  test.each(['running', 'frozen'] as const)('that is %s ends when who started it is killed', async (state) => {
    const starter = spawn(process.execPath, ['--input-type=module', '--eval', script(state)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void starter.kill('SIGKILL'))
    const [line] = (await once(createInterface(starter.stdout), 'line')) as [string]
    const [port, folder = ''] = line.split(' ')
    expect(await isListening(Number(port))).toBe(true)
    expect(existsSync(folder)).toBe(true)

    starter.kill('SIGKILL')
    await poll(() => isListening(Number(port)), false)
    await poll(async () => existsSync(folder), false)
  })
})

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const connected = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.destroy()
  return connected
}
