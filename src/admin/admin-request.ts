import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { ChatError } from '../errors.ts'
import type { AdminService } from './admin-service.ts'

/** What is asked of whoever can do it: this process, or the running server. */
export type Ask = <Command extends keyof AdminService>(
  command: Command,
  input: Parameters<AdminService[Command]>[0],
) => Promise<Awaited<ReturnType<AdminService[Command]>>>

/** As it goes to the running server: one JSON text in each direction. */
export type Answer = { result: unknown } | { refusal: string; code: ChatError['code'] } | { fault: string }

/** What one process asks of another, read whole. @throws SyntaxError where it isn't JSON */
export async function readJson(stream: Readable): Promise<unknown> {
  return JSON.parse(await text(stream))
}

/** Does what is asked. @returns also what went wrong: nothing is thrown */
export async function answer(
  admin: AdminService,
  request: unknown,
  onFault: (error: unknown) => void,
): Promise<Answer> {
  const { command, input } = Object(request)
  try {
    if (!Object.hasOwn(admin, command)) {
      return { fault: `The running server doesn’t know the command ${command}: it is of another version, restart it.` }
    }
    const run: (input: unknown) => Promise<unknown> = admin[command as keyof AdminService] as never
    return { result: await run(input) }
  } catch (error) {
    if (error instanceof ChatError) return { refusal: error.message, code: error.code }
    onFault(error)
    return { fault: 'The running server failed at it: its log tells why.' }
  }
}
