// npm run release-check: what must hold of the packages before a release. Fails too where it could not be found out.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { readCommandLine } from './read-command-line.ts'
import { runNpm } from './run-npm.ts'

interface AuditReport {
  vulnerabilities: Record<string, { severity: string; range: string }>
}

const commandLine = new Command('npm run release-check --')
  .description('Checks that the registry knows of no vulnerability in a package, and writes a bill of materials.')
  .argument('[file]', 'of the bill, as npm run sbom')
const [file] = readCommandLine(commandLine).args

const failures = [audit(), makeBill(file)].filter((failure) => failure !== null)
for (const failure of failures) console.error(failure)
console.log(failures.length > 0 ? 'Not fit for a release.' : 'The packages are fit for a release.')
process.exitCode = failures.length > 0 ? 1 : 0

/** @returns what is wrong; null where the registry knows of nothing */
function audit(): string | null {
  const { stdout, stderr } = runNpm(['audit', '--json'])
  const report = parseReport(stdout)
  if (!report) {
    const [reason] = /\d{3} [A-Z][^"\n]*/.exec(stdout) ?? [stderr.trim()]
    return `THE AUDIT COULD NOT BE MADE: the registry gave no answer to it (${reason}). Set another with npm_config_registry.`
  }
  const known = Object.entries(report.vulnerabilities).map(
    ([name, { severity, range }]) => `${name} ${range} (${severity})`,
  )
  if (known.length > 0) return `Packages with known vulnerabilities: ${known.join(', ')}. See npm audit.`
  console.log('The registry knows of no vulnerability in any package.')
  return null
}

function parseReport(text: string): AuditReport | null {
  try {
    const report = JSON.parse(text)
    return report.auditReportVersion && report.vulnerabilities ? report : null
  } catch {
    return null
  }
}

function makeBill(file: string | undefined): string | null {
  const words = [fileURLToPath(new URL('sbom.ts', import.meta.url)), ...(file ? [file] : [])]
  const { status } = spawnSync(process.execPath, words, { stdio: 'inherit' })
  return status === 0 ? null : 'There is no bill of materials.'
}
