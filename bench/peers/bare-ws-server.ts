// Bare `ws`: whoever sends "group, line break, payload" has that payload sent to all who are in the group, as one
// shared buffer. Whoever sends names of groups, separated by spaces, enters them.
import { createServer } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { listen } from './listen.ts'

const LINE_BREAK = 0x0a

const server = createServer()
const sockets = new WebSocketServer({ server, perMessageDeflate: false })
const groups = new Map<string, Set<WebSocket>>()

sockets.on('connection', (socket) => {
  let entered: string[] = []
  socket.on('message', (data: Buffer) => {
    const at = data.indexOf(LINE_BREAK)
    if (at === -1) {
      entered = String(data).split(' ')
      for (const name of entered) groups.set(name, (groups.get(name) ?? new Set()).add(socket))
    } else {
      const payload = data.subarray(at + 1)
      for (const member of groups.get(data.toString('latin1', 0, at)) ?? []) member.send(payload, { binary: false })
    }
    socket.send('ok')
  })
  socket.on('close', () => {
    for (const name of entered) groups.get(name)?.delete(socket)
  })
})

await listen(server)
