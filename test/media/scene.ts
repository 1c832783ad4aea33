import { readdir } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { GivenParts } from '../../src/app.ts'
import { startServer, type TestServer, type TestSettings, type TestUser } from '../support/testkit.ts'

export interface Uploaded {
  url: string
  type: string
  name: string
  size: number
  width: number | null
  height: number | null
}

export interface MediaScene extends Awaited<ReturnType<typeof startServer>> {
  origin: string
  tom: TestUser
  /** Sends a file as Tom, or with other headers than his. */
  post(body: BodyInit | Buffer, options?: { query?: string; headers?: Record<string, string> }): Promise<Response>
  /** As `post`. @returns what was answered to a file that is taken */
  upload(file: Buffer, name?: string): Promise<Uploaded>
  /** What the folder of uploads holds, those under way included. */
  filesOnDisk(): Promise<string[]>
}

/**
 * @param logger for a test of what is logged
 * @param given for a node among others
 */
export async function mediaScene(
  settings: TestSettings = {},
  logger?: Logger,
  given?: GivenParts,
): Promise<MediaScene> {
  const server = await startServer(settings, logger, given)
  const tom = await server.register('tom')
  const { origin } = new URL(server.url)

  const post: MediaScene['post'] = (body, { query = '', headers } = {}) =>
    fetch(`${origin}/media${query}`, {
      method: 'POST',
      headers: headers ?? { authorization: `Bearer ${tom.accessToken}` },
      body: body as BodyInit,
      ...(body instanceof ReadableStream && { duplex: 'half' }),
    })

  return {
    ...server,
    origin,
    tom,
    post,
    async upload(file, name) {
      const response = await post(file, { query: name === undefined ? '' : `?name=${encodeURIComponent(name)}` })
      const answer = await response.json()
      if (response.status !== 201) throw new Error(`It isn't taken: ${response.status} ${JSON.stringify(answer)}`)
      return answer as Uploaded
    },
    filesOnDisk: () => filesOf(server),
  }
}

export async function filesOf({ app }: TestServer): Promise<string[]> {
  const entries = await readdir(app.services.media.folder, { recursive: true })
  return entries.filter((entry) => entry !== 'incoming')
}

/** The code and the status of a refusal. */
export async function refusalOf(response: Response) {
  const { errors } = (await response.json()) as { errors: [{ message: string; extensions: { code: string } }] }
  const [{ message, extensions }] = errors
  return { status: response.status, code: extensions.code, message }
}
