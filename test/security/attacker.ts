import { Tinypool } from 'tinypool'
import { type Mock, onTestFinished, vi } from 'vitest'
import { login } from '../auth/operations.ts'
import { codeOf } from '../rates/rate-limited.ts'
import type { TypedDocumentString } from '../support/graphql.ts'
import { bodyOf, dataOf, type Variables, type VariablesOf } from '../support/operation.ts'
import type { TestServer } from '../support/testkit.ts'

/** For a server behind a proxy that says where requests come from: the test. */
export const BEHIND_PROXY = { trustedProxies: ['loopback'] }

/** Somebody at an address, behind the proxy. */
export function at({ anonymous }: Pick<TestServer, 'anonymous'>, address: string, accessToken?: string) {
  const headers = { 'x-forwarded-for': address, ...(accessToken && { authorization: `Bearer ${accessToken}` }) }
  return {
    async request<Data, V extends Variables>(document: TypedDocumentString<Data, V>, ...[variables]: VariablesOf<V>) {
      const response = await anonymous.post(bodyOf(document, variables), headers)
      return dataOf<Data>(await response.json())
    },
    /** @returns the code of the refusal; null where he is signed in */
    logIn(name: string, password: string): Promise<unknown> {
      return codeOf(this.request(login, { login: name, password }))
    },
  }
}

/** Counts what each password costs, which is what tells by time. */
export function watchHashes(): Mock<Tinypool['run']> {
  const run = vi.spyOn(Tinypool.prototype, 'run')
  onTestFinished(() => run.mockRestore())
  return run as Mock<Tinypool['run']>
}
