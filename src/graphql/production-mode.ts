import { createRequire } from 'node:module'

// graphql-js reads this as it is loaded, and otherwise checks each object twice. For nobody else: our own settings
// go by what the owner has said.
const { NODE_ENV } = process.env
process.env['NODE_ENV'] = 'production'
createRequire(import.meta.url)('graphql')
if (NODE_ENV === undefined) delete process.env['NODE_ENV']
else process.env['NODE_ENV'] = NODE_ENV
