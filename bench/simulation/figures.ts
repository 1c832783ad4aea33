/** Three digits of it. */
export function figure(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumSignificantDigits: 3 })
}

/** Of something in a second: two digits, as more would be made up. */
export function rate(value: number): string {
  return `${Number(value.toPrecision(2)).toLocaleString('en-US', { maximumSignificantDigits: 2 })}/s`
}

export function share(value: number): string {
  return `${Math.round(100 * value)} %`
}

/** @param value ms */
export function time(value: number): string {
  if (value < 1_000) return `${figure(value)} ms`
  return value < 120_000 ? `${figure(value / 1_000)} s` : `${figure(value / 60_000)} min`
}

/** @param bytes in a second */
export function line(bytes: number): string {
  const megabits = (bytes * 8) / 1e6
  return megabits < 1_000 ? `${figure(megabits)} Mbit/s` : `${figure(megabits / 1_000)} Gbit/s`
}
