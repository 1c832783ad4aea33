import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { z } from 'zod'
import { BackupError } from '../backup/whole-file.ts'

// An exported server is one file of JSON lines, compressed by gzip: a header, then pages of rows, all of one table after
// all of another, then the uploads in pieces, then what all that comes to. Each line can be done with by itself.

const FORMAT = 'chatserver-export'
const VERSION = 1

const count = z.number().int().nonnegative()
const sum = z.object({ rows: count, checksum: z.string() })

const header = z.object({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  /** Names this file. */
  id: z.string(),
  /** The migrations that lead to its tables. */
  migrations: z.array(z.string()),
  createdAt: z.iso.datetime(),
  /** In the order in which they come. */
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()), rows: count })),
})
const page = z.object({
  table: z.string(),
  rows: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))),
})
const piece = z.object({
  /** An upload's id: it becomes a file's name. */
  upload: z.string().regex(/^[\w-]+$/),
  /** In base64. */
  data: z.string(),
  isLast: z.boolean(),
})
const end = z.object({ end: z.object({ tables: z.record(z.string(), sum), uploads: sum }) })
const line = z.union([page, piece, end])

export type ExportHeader = z.infer<typeof header>
export type ExportPage = z.infer<typeof page>
export type ExportPiece = z.infer<typeof piece>
export type ExportContent = ExportPage | ExportPiece
export type ExportEnd = z.infer<typeof end>
export type ExportLine = ExportHeader | ExportContent | ExportEnd

/** @returns a header, with what all files of this version have */
export function exportHeader(contents: Omit<ExportHeader, 'format' | 'version'>): ExportHeader {
  return { format: FORMAT, version: VERSION, ...contents }
}

/** Writes the lines, the header first, into a file that is there. */
export async function writeExportFile(path: string, lines: AsyncIterable<ExportLine>): Promise<void> {
  async function* texts() {
    for await (const one of lines) yield `${JSON.stringify(one)}\n`
  }
  await pipeline(Readable.from(texts(), { highWaterMark: 4 }), createGzip(), createWriteStream(path, { flags: 'r+' }))
}

/**
 * Reads a file line by line, the header first.
 * @param onProgress is told how many of how many bytes have been read
 * @throws BackupError where it isn't such a file, or not a whole one
 */
export async function* readExportFile(
  path: string,
  onProgress: (done: number, total: number) => void = () => {},
): AsyncGenerator<ExportLine> {
  const { size } = await stat(path)
  const source = createReadStream(path)
  const unzipped = createGunzip()
  // What goes wrong in either ends the reading below.
  pipeline(source, unzipped).catch(() => {})
  let isFirst = true
  try {
    for await (const text of linesOf(unzipped.setEncoding('utf8'))) {
      onProgress(source.bytesRead, size)
      yield isFirst ? parseHeader(text) : parse(line, text)
      isFirst = false
    }
    if (isFirst) throw damaged('it is empty')
  } catch (error) {
    if (!/^Z_/.test(String((error as NodeJS.ErrnoException).code))) throw error
    throw damaged((error as Error).message)
  } finally {
    source.destroy()
    unzipped.destroy()
  }
}

/** Without readline, which takes more than \n for a line's end and hears of no error. */
async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let begun = ''
  for await (const text of texts) {
    const [first = '', ...more] = text.split('\n')
    begun += first
    for (const next of more) {
      yield begun
      begun = next
    }
  }
  if (begun) throw damaged('its last line has no end')
}

function parseHeader(text: string): ExportHeader {
  const start = parse(z.object({ format: z.literal(FORMAT), version: z.number() }), text)
  if (start.version === VERSION) return parse(header, text)
  throw new BackupError(`The file is of format ${start.version}, and this ChatServer reads format ${VERSION}.`)
}

function parse<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    throw damaged(`it has no place for the line ${text.slice(0, 60)}`)
  }
}

/** @param what is wrong with it */
export function damaged(what: string): BackupError {
  return new BackupError(`The file is no whole export of a ChatServer: ${what}.`)
}
