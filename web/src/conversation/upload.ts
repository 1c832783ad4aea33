import type { Session } from '../session/session.ts'

/** Why a file could not be uploaded. */
export class UploadError extends Error {
  /** Whether it may work if tried again. */
  readonly isPassing: boolean

  constructor(message: string, isPassing: boolean) {
    super(message)
    this.isPassing = isPassing
  }
}

/** @returns where the file can be had. @throws UploadError that says why not */
export async function upload(
  session: Session,
  file: File,
  onProgress: (part: number) => void = () => {},
  signal?: AbortSignal,
): Promise<string> {
  const token = await session.insistOnToken()
  return new Promise((resolve, reject) => {
    const fail = (message: string, isPassing = true) => reject(new UploadError(message, isPassing))
    if (signal?.aborted) return fail('It was given up.')
    // fetch can't tell of its progress.
    const request = new XMLHttpRequest()
    request.open('POST', `/media?name=${encodeURIComponent(file.name)}`)
    request.setRequestHeader('authorization', `Bearer ${token}`)
    request.setRequestHeader('content-type', file.type || 'application/octet-stream')
    request.responseType = 'json'
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / Math.max(total, 1))
    request.onload = () => {
      const { status, response } = request
      if (status === 201) return resolve(response.url)
      const message = response?.errors?.[0]?.message ?? 'It could not be uploaded.'
      fail(message, status === 408 || status === 429 || status >= 500)
    }
    request.onerror = () => fail('The server can’t be reached.')
    request.onabort = () => fail('It was given up.')
    signal?.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}
