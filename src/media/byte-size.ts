const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** For people: “25 MB”, of 1,000 kB each. @param bytes not negative */
export function describeSize(bytes: number): string {
  const power = bytes < 1_000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1)
  const format = new Intl.NumberFormat('en', {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: 1,
    roundingMode: 'trunc', // What just fits a limit must fit what is said of it.
  })
  return format.format(bytes / 1_000 ** power)
}
