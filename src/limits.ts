/** What one client may ask for at once. */
export interface Limits {
  /** Live subscriptions on one socket. */
  subscriptionsPerSocket: number
  /** Queries and mutations under way on one socket. */
  operationsPerSocket: number
  /** Live connections of one user: sockets, and streams over SSE. */
  connectionsPerUser: number
  /** Sockets from one network: an IPv4 address, or an IPv6 /64. */
  socketsPerAddress: number
  /** Of a request's body, and of a WebSocket message. */
  messageBytes: number
  /** Names, values and punctuators of one document, in which an operation comes. */
  tokens: number
  /** Operations and fragments of one document. */
  definitions: number
  /** Levels of fields within fields, in one operation. */
  depth: number
  /** Of one operation, as the next two: with each fragment's wherever it is spread. */
  aliases: number
  directives: number
  /** Fields, and places of fragments; a field said for the nth time counts n. */
  selections: number
  /** Objects that one operation may read, as estimated: pages multiply, and mutations count as many. */
  cost: number
  /** ms that a request's head may take, and then an operation's body. */
  requestTimeout: number
  /** Of an uploaded file. */
  mediaBytes: number
  /** Of one user's uploads that are kept. */
  mediaBytesPerUser: number
  /** Uploads of one user under way. */
  uploadsPerUser: number
  /** ms that an upload may take. */
  uploadTimeout: number
  /** Changes that wait for one subscription, before it is closed as too slow. */
  waitingChanges: number
  /** Bytes that wait for one socket, before it is closed as too slow. */
  waitingBytes: number
  /** ms that a socket has to introduce itself. */
  connectionInitTimeout: number
  /** ms after which nobody is typing any more who hasn't said so again. */
  typingTimeout: number
  /** ms between two pings; a peer that hasn't answered one by the next is gone. */
  pingInterval: number
}
