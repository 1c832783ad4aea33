// A thousand modules take most of a start: what Node has made of them is kept for the next one, where it can be.
import module from 'node:module'
import { fileURLToPath } from 'node:url'

// Not in the folder for temporary files, where others could leave something for us.
module.enableCompileCache?.(fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url)))
