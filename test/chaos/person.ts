import { login, register } from '../auth/operations.ts'
import { type Client, createClient } from '../support/client.ts'
import type { TypedDocumentString } from '../support/graphql.ts'
import { type Answer, bodyOf, dataOf, type Variables } from '../support/operation.ts'
import { insist } from '../support/patience.ts'
import { openSteadySocket, type SteadySocket } from './steady-socket.ts'

const RENEWAL = 10 * 60_000 // ms; an access token is good for 15 minutes

/** Rejects where the line breaks. @throws RequestError where the answer is an error */
export type Ask = <Data, V extends Variables>(document: TypedDocumentString<Data, V>, variables: V) => Promise<Data>

/** Somebody who doesn't give up on a server that comes and goes. */
export interface Person {
  id: string
  /** Asks once, over HTTP. */
  ask: Ask
  /** @param onClosed hears of each line that stood, and was closed */
  openSocket(onClosed?: (code: number) => void): SteadySocket
}

/** Where equal servers take operations, over HTTP: the first is somebody's own, and to the next he goes when one fails. */
export type Urls = readonly [string, ...string[]]

export async function registerPerson(urls: Urls, username: string): Promise<Person> {
  let failures = 0
  const anyones = urls.map((url) => createClient(url, null))
  const [first] = anyones as [Client]
  const anyone = () => anyones[failures % anyones.length] ?? first
  const password = `the password of ${username}`
  const registered = (await first.request(register, { input: { username, password } })).register
  let { accessToken } = registered
  let since = Date.now()

  async function token(): Promise<string> {
    if (Date.now() - since > RENEWAL) {
      const renewed = await insist(() => anyone().request(login, { login: username, password }))
      accessToken = renewed.login.accessToken
      since = Date.now()
    }
    return accessToken
  }

  return {
    id: registered.user.id,
    async ask<Data, V extends Variables>(document: TypedDocumentString<Data, V>, variables: V) {
      const headers = { authorization: `Bearer ${await token()}` }
      const response = await anyone()
        .post(bodyOf(document, variables), headers)
        .catch((error) => {
          failures++
          throw error
        })
      return dataOf((await response.json()) as Answer<Data>)
    },
    openSocket: (onClosed) => openSteadySocket(urls, token, onClosed),
  }
}
