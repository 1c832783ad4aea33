const TIMEOUT = 20_000 // ms that a request may take

/** A fetch that gives up in the end: a line that is dead without saying so must not hold up what is sent. */
export function patientFetch(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const signals = [init.signal ?? [], AbortSignal.timeout(TIMEOUT)].flat()
  return fetch(input, { ...init, signal: AbortSignal.any(signals) })
}
