import { Counter, type Registry } from 'prom-client'
import { ChatError } from '../errors.ts'
import type { Services } from '../graphql/context.ts'

/** Has the sign-ins through these services counted by what comes of them. */
export function countSignIns(registry: Registry, services: Pick<Services, 'credentials' | 'sessions' | 'users'>): void {
  const { credentials, sessions, users } = services
  const signIns = new Counter({
    name: 'chatserver_sign_ins_total',
    help: 'Logins, registrations and refreshed sessions, by what came of them: ok, or the error’s code.',
    labelNames: ['way', 'outcome'],
    registers: [registry],
  })

  function counted<Args extends unknown[], Result>(way: string, work: (...args: Args) => Promise<Result>) {
    return async (...args: Args): Promise<Result> => {
      try {
        const result = await work(...args)
        signIns.inc({ way, outcome: 'ok' })
        return result
      } catch (error) {
        signIns.inc({ way, outcome: error instanceof ChatError ? error.code : 'INTERNAL_SERVER_ERROR' })
        throw error
      }
    }
  }

  credentials.login = counted('login', credentials.login)
  sessions.refresh = counted('refresh', sessions.refresh)
  users.register = counted('register', users.register)
}
