// All the bundled Nodes have a command of the same name, and npm 10 deletes it when it leaves out those for other
// systems. This puts it back, and this project's own command beside it, where npx finds it: named as a bin in package.json,
// npx would install the project once more, into its cache and with all that its install does, before it runs it.
import { existsSync, symlinkSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const modules = fileURLToPath(new URL('../node_modules', import.meta.url))
const isWindows = process.platform === 'win32'
const bundled = `node-${isWindows ? 'win' : process.platform}-${process.arch}`
const command = `${modules}/.bin/node${isWindows ? '.cmd' : ''}`

if (existsSync(`${modules}/${bundled}`) && !existsSync(command)) {
  if (isWindows) writeFileSync(command, `@"%~dp0\\..\\${bundled}\\bin\\node.exe" %*\r\n`)
  else symlinkSync(`../${bundled}/bin/node`, command)
}

const own = `${modules}/.bin/chatserver${isWindows ? '.cmd' : ''}`
if (existsSync(`${modules}/.bin`) && !existsSync(own)) {
  if (isWindows) writeFileSync(own, `@node "%~dp0\\..\\..\\bin\\chatserver.mjs" %*\r\n`)
  else symlinkSync('../../bin/chatserver.mjs', own)
}
