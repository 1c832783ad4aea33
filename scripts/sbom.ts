// npm run sbom -- <file>: writes a bill of materials, in CycloneDX's JSON, of all that the lock file says, whatever this
// machine has installed. The tools of development are marked so in it: with --omit=dev, npm leaves out others as well.
import { writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { readCommandLine } from './read-command-line.ts'
import { runNpm } from './run-npm.ts'

const commandLine = new Command('npm run sbom --')
  .description('Writes a bill of materials, in CycloneDX’s JSON, of all that the lock file says.')
  .argument('[file]', 'where to', 'sbom.cdx.json')
const [file = ''] = readCommandLine(commandLine).processedArgs as string[]

const { status, stdout, stderr } = runNpm(['sbom', '--sbom-format=cyclonedx', '--package-lock-only'])
if (status !== 0) {
  console.error(`No bill of materials could be made: ${stderr}`)
  process.exit(1)
}
const bill = JSON.parse(stdout)
// npm goes by the folder's name.
bill.metadata.component.name = 'chatserver'
writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`)
console.log(`The bill of materials, with ${bill.components.length} packages, is in ${file}.`)
