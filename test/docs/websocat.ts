// Takes websocat's place on a machine that has none, for what the pages do with it: websocat --protocol <name> <url>
// sends each line that is typed as a message, and prints each message as a line.
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { WebSocket } from 'ws'

const { values, positionals } = parseArgs({ options: { protocol: { type: 'string' } }, allowPositionals: true })

const lines = createInterface(process.stdin)
const socket = new WebSocket(positionals[0] ?? '', values.protocol)
const opened = once(socket, 'open')
lines.on('line', async (line) => {
  await opened
  socket.send(line)
})
socket.on('message', (data) => console.log(String(data)))
socket.on('close', () => lines.close())
