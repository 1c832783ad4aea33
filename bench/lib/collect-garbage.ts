// Preloaded into a server whose memory is measured: it collects its garbage when asked, as V8 does in time.
if (!globalThis.gc) throw new Error('Start this with --expose-gc')

process.on('message', async () => {
  await globalThis.gc?.({ type: 'major', execution: 'async' })
  await globalThis.gc?.({ type: 'major', execution: 'async' })
  process.send?.('collected')
})
process.channel?.unref()
