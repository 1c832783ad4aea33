import { spawn } from 'node:child_process'
import type { Socket } from 'node:net'

// Its input ends with the process that holds the other end, however that ends. The processes are continued first: a
// stopped one would take in nothing but SIGKILL. The last wait is for what they still write into the folder.
const SCRIPT = `
  read -r _
  children=$(cat "/proc/$1/task/$1/children" 2>/dev/null)
  kill -s CONT $1 $children
  kill -s "$2" $1
  for _ in 1 2 3 4 5 6 7 8 9 10; do kill -s 0 $1 || break; sleep 0.5; done
  kill -s KILL $1 $children
  rm -rf "$3"
`

/**
 * Sees to it that a server doesn't outlive this process, even where this one is killed and can do nothing about it.
 * @param signal that ends the server for good
 * @param folder that goes with it
 * @returns dismisses the guard, once the server has ended
 */
export function guard(pid: number, signal: string, folder: string): () => void {
  const args = ['-c', SCRIPT, 'guard', String(pid), signal.replace('SIG', ''), folder]
  // A session of its own: Ctrl-C in the terminal must not end it before its time.
  const watcher = spawn('sh', args, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  const input = watcher.stdin as Socket // which ChildProcess doesn't tell
  input.on('error', () => {})
  input.unref()
  watcher.unref()
  return () => void watcher.kill('SIGKILL')
}
