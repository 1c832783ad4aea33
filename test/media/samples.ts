/** Files that are just enough of their type to be told by their bytes. */

export function png(width: number, height: number, size = 100): Buffer {
  const file = Buffer.alloc(size)
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(file)
  file.writeUInt32BE(width, 16)
  file.writeUInt32BE(height, 20)
  // An IDAT chunk, after IHDR's five other bytes and its checksum: without one it might be animated.
  file.write('IDAT', 37, 'latin1')
  return file
}

export function jpeg(width: number, height: number): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt16BE(height)
  size.writeUInt16BE(width, 2)
  return Buffer.concat([
    Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0001108', 'hex'),
    size,
    Buffer.alloc(60),
  ])
}

export function mp4(size = 1_000): Buffer {
  const file = Buffer.alloc(size, 'film')
  Buffer.from('000000186674797069736f6d0000020069736f6d69736f32', 'hex').copy(file)
  return file
}

export const text = Buffer.from('Käse, 🧀 and a mouse\n')

/** What is refused, whatever it calls itself. */
export const FORBIDDEN: [what: string, file: Buffer][] = [
  ['HTML', Buffer.from('<!DOCTYPE html><script>alert(1)</script>')],
  ['HTML after white space and a byte order mark', Buffer.from('\ufeff \n<html><body onload="alert(1)">')],
  ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
  ['XML', Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')],
  ['a shell script', Buffer.from('#!/bin/sh\nrm -rf /\n')],
  ['a program for Linux', Buffer.concat([Buffer.from('7f454c4602010100', 'hex'), Buffer.alloc(200)])],
  ['a program for Windows', Buffer.concat([Buffer.from('4d5a9000', 'hex'), Buffer.alloc(200)])],
  ['WebAssembly', Buffer.from('0061736d01000000', 'hex')],
  ['a Flash film', Buffer.concat([Buffer.from('FWS\x08'), Buffer.alloc(200)])],
  ['bytes of no known type', Buffer.from('00ff00fe80818283', 'hex')],
  ['text that isn’t UTF-8', Buffer.from('K\xe4se', 'latin1')],
]
