import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'

const ENDING = '.token'

/** Sessions at one server, kept in files that only their owner can read. */
export interface SavedSessions {
  /** The users that there are some of. */
  usernames(): Promise<string[]>
  /** The newest refresh token of a user's session; null where there is none. */
  read(username: string): Promise<string | null>
  write(username: string, refreshToken: string): Promise<void>
  forget(username: string): Promise<void>
}

/** They lie where the XDG Base Directory Specification has it: `~/.config/chatserver` unless XDG_CONFIG_HOME is set. */
export function savedSessions(url: string, config = process.env['XDG_CONFIG_HOME']): SavedSessions {
  const { host } = new URL(url)
  const folder = join(config || join(homedir(), '.config'), 'chatserver', 'sessions', host.replaceAll(/[^\w.-]/g, '_'))
  // The name comes from the server: it must not lead out of the folder.
  const fileOf = (username: string) => join(folder, `${encodeURIComponent(username.toLowerCase())}${ENDING}`)

  return {
    async usernames() {
      const files = await readdir(folder).catch(() => [])
      return files.filter((file) => file.endsWith(ENDING)).map((file) => decodeURIComponent(basename(file, ENDING)))
    },

    async read(username) {
      const token = await readFile(fileOf(username), 'utf8').catch(() => '')
      return token.trim() || null
    },

    async write(username, refreshToken) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      // Another process of the same user reads the old file or the new one, never half of it.
      const draft = `${fileOf(username)}.${process.pid}~`
      await writeFile(draft, `${refreshToken}\n`, { mode: 0o600 })
      await rename(draft, fileOf(username))
    },

    forget: (username) => rm(fileOf(username), { force: true }),
  }
}
