/** How many minutes a soak is to last; 0 in an ordinary run, whose long tests take seconds. */
export const soakMinutes = Number(process.env['SOAK_MINUTES'] ?? 0)

export const isSoak = soakMinutes > 0
