import { useState } from 'react'
import { v4 as uuid } from 'uuid'
import type { Session } from '../session/session.ts'

export interface Upload {
  id: string
  name: string
  /** To show while it goes up; null where it is no picture. */
  preview: string | null
  /** 0 to 1 */
  progress: number
  url: string | null
  fault: string | null
}

/** Files on their way up, for a message that is being written. */
export function useUploads(session: Session) {
  const [uploads, setUploads] = useState<readonly Upload[]>([])

  function change(id: string, part: Partial<Upload>): void {
    setUploads((before) => before.map((upload) => (upload.id === id ? { ...upload, ...part } : upload)))
  }

  function add(files: Iterable<File>): void {
    for (const file of files) {
      const id = uuid()
      const preview = file.type.startsWith('image/') ? URL.createObjectURL(file) : null
      setUploads((before) => [...before, { id, name: file.name, preview, progress: 0, url: null, fault: null }])
      upload(session, file, (progress) => change(id, { progress })).then(
        (url) => change(id, { url, progress: 1 }),
        (error: Error) => change(id, { fault: error.message }),
      )
    }
  }

  function remove(ids: readonly string[]): void {
    for (const { id, preview } of uploads) if (preview && ids.includes(id)) URL.revokeObjectURL(preview)
    setUploads((before) => before.filter(({ id }) => !ids.includes(id)))
  }

  return { uploads, add, remove }
}

/** @returns where the file can be had. @throws Error that says why not */
export async function upload(
  session: Session,
  file: File,
  onProgress: (part: number) => void = () => {},
): Promise<string> {
  const token = await session.insistOnToken()
  return new Promise((resolve, reject) => {
    // fetch can't tell of its progress.
    const request = new XMLHttpRequest()
    request.open('POST', `/media?name=${encodeURIComponent(file.name)}`)
    request.setRequestHeader('authorization', `Bearer ${token}`)
    request.setRequestHeader('content-type', file.type || 'application/octet-stream')
    request.responseType = 'json'
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / Math.max(total, 1))
    request.onload = () => {
      if (request.status === 201) return resolve(request.response.url)
      reject(new Error(request.response?.errors?.[0]?.message ?? 'It could not be uploaded.'))
    }
    request.onerror = () => reject(new Error('The server can’t be reached.'))
    request.send(file)
  })
}
