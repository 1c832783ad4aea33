import { spawnSync } from 'node:child_process'

/** Runs npm on this project, without its chatter about versions and funds. */
export function runNpm(words: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync('npm', words, {
    cwd: new URL('..', import.meta.url),
    encoding: 'utf8',
    maxBuffer: 100_000_000, // bytes
    shell: process.platform === 'win32',
    env: { ...process.env, npm_config_loglevel: 'error' },
  })
}
