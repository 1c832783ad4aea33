import fs from 'node:fs'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { StartError } from '../src/errors.ts'
import { openLog } from '../src/logger.ts'
import { startProcess } from './support/server-process.ts'
import { temporaryFolder } from './support/testkit.ts'

/** A log in a folder of the running test's own. */
async function startLog(settings: { folder?: string; bytes?: number; files?: number } = {}) {
  const { folder = await temporaryFolder(), bytes = 10_000, files = 3 } = settings
  const { logger, close } = openLog('info', { path: join(folder, 'chat.log'), bytes, files })
  const read = async (name = 'chat.log') =>
    (await readFile(join(folder, name), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).msg as string)
  return { folder, logger, close, read }
}

test('A log file begins in a folder that is made for it, and has each line at once', async () => {
  const folder = join(await temporaryFolder(), 'made', 'for', 'it')
  const { logger, close, read } = await startLog({ folder })
  logger.info('Hello')
  expect(await read()).toEqual(['Hello'])

  close()
  // What is late is no fault.
  logger.info('Too late')
  expect(await read()).toEqual(['Hello'])
})

test('A full file is kept under another name, the next one begins, and the oldest are deleted', async () => {
  const { folder, logger, close, read } = await startLog({ bytes: 1_000, files: 3 })
  await writeFile(join(folder, 'chat.log.9'), 'not ours')
  for (let line = 0; line < 100; line++) logger.info(`This is line ${line}`)
  close()

  const names = (await readdir(folder)).toSorted()
  expect(names).toEqual(['chat.log', 'chat.log.1', 'chat.log.2', 'chat.log.9'])
  for (const name of names) expect((await stat(join(folder, name))).size).toBeLessThan(1_200)
  const kept = [...(await read('chat.log.2')), ...(await read('chat.log.1')), ...(await read())]
  const first = Number(kept[0]?.split(' ').at(-1))
  expect(kept).toEqual(Array.from({ length: 100 - first }, (_, index) => `This is line ${first + index}`))
})

test('With one file, it begins anew', async () => {
  const { folder, logger, close, read } = await startLog({ bytes: 1_000, files: 1 })
  for (let line = 0; line < 100; line++) logger.info(`This is line ${line}`)
  close()

  expect(await readdir(folder)).toEqual(['chat.log'])
  expect((await stat(join(folder, 'chat.log'))).size).toBeLessThan(1_200)
  expect((await read()).at(-1)).toBe('This is line 99')
})

test('After a restart, the file goes on', async () => {
  const folder = await temporaryFolder()
  for (const word of ['first', 'second']) {
    const { logger, close } = await startLog({ folder })
    logger.info(word)
    close()
  }

  expect(await (await startLog({ folder })).read()).toEqual(['first', 'second'])
})

test('A full disk ends nothing and is told of once, and the log goes on when there is room', async () => {
  onTestFinished(() => void vi.restoreAllMocks())
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const { folder, logger, close } = await startLog()
  const { writeSync } = fs
  const fullDisk = () => {
    const half = vi.spyOn(fs, 'writeSync')
    // It takes the beginning of a line, as a disk does.
    half.mockImplementationOnce((fd, data) => writeSync(fd, Buffer.from(data), 0, 10))
    half.mockImplementation(() => {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    })
    return half
  }

  for (const time of ['first', 'second']) {
    logger.info(`Before the ${time}`)
    const full = fullDisk()
    syncBuiltinESMExports()
    for (let line = 0; line < 100; line++) logger.info('Nobody reads this')
    full.mockRestore()
    syncBuiltinESMExports()
    logger.info(`After the ${time}`)
  }
  close()

  const lines = (await readFile(join(folder, 'chat.log'), 'utf8')).split('\n').filter((line) => line.includes('"msg"'))
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
    'Before the first',
    'After the first',
    'Before the second',
    'After the second',
  ])
  expect(told).toHaveBeenCalledTimes(2)
  expect(told).toHaveBeenCalledWith("LOG_FILE can't be written: ENOSPC: no space left on device, write\n")
})

test('A file that can’t be written is a clear refusal to start', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'file'), '')
  await mkdir(join(folder, 'chat.log'))

  for (const path of [join(folder, 'file', 'chat.log'), join(folder, 'chat.log')]) {
    const opening = () => openLog('info', { path, bytes: 1_000, files: 2 })
    expect(opening).toThrow(StartError)
    expect(opening).toThrow(/Can't write to LOG_FILE \(.+\): set another one\./)
  }
})

test('A server with a log file still says on its terminal where it listens', async () => {
  const folder = await temporaryFolder()
  const server = startProcess(folder, { LOG_FILE: 'logs/chat.log' })
  const url = await server.url
  server.kill('SIGTERM')
  const { code, stdout } = await server.exited

  expect(code).toBe(0)
  expect(stdout).toBe(`ChatServer listens on ${url}\n`)
  expect(await readFile(join(folder, 'logs', 'chat.log'), 'utf8')).toContain(`ChatServer listens on ${url}"`)
})
