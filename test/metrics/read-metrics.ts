import type { TestServer } from '../support/testkit.ts'

/** A metric as it is told of. */
export interface Family {
  name: string
  type: string
  help: string
  /** By what they are called in the text: `name{label="value"}`. */
  samples: Map<string, number>
}

export const metricsUrl = ({ url }: Pick<TestServer, 'url'>) => url.replace(/graphql$/, 'metrics')

/** What a server tells of itself. @returns each metric by its name */
export async function readFamilies(server: Pick<TestServer, 'url'>): Promise<Map<string, Family>> {
  const response = await fetch(metricsUrl(server))
  if (response.status !== 200) throw new Error(`No metrics: ${response.status} ${await response.text()}`)
  const families = new Map<string, Family>()
  let family: Family | undefined
  for (const line of (await response.text()).split('\n')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\w+) (.*)$/.exec(line) ?? []
    if (kind === 'HELP') {
      family = { name, type: '', help: rest, samples: new Map() }
      families.set(name, family)
    } else if (kind === 'TYPE' && family) {
      family.type = rest
    } else if (line !== '') {
      const [, sample = '', value] = /^(\w+(?:\{.*\})?) (\S+)$/.exec(line) ?? []
      if (!family || value === undefined) throw new Error(`Not in Prometheus’ format: ${line}`)
      family.samples.set(sample, Number(value))
    }
  }
  return families
}

/** The value of one sample, as `name{label="value"}`; undefined where there is none. */
export async function readMetric(server: Pick<TestServer, 'url'>, sample: string): Promise<number | undefined> {
  const families = await readFamilies(server)
  return families
    .values()
    .map(({ samples }) => samples.get(sample))
    .find((value) => value !== undefined)
}
