import { compareSync, hashSync } from 'bcryptjs'

const COST = 10 // about 60 ms

export function hash(password: string): string {
  return hashSync(password, COST)
}

export function verify({ password, hash }: { password: string; hash: string }): boolean {
  return compareSync(password, hash)
}
