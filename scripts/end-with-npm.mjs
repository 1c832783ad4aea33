// npm hands a signal to the shell between itself and us, and many a shell ends of it without a word.
// A process whose shell has gone ends as if the signal had been its own.
const shell = process.ppid

const watch = setInterval(() => {
  if (process.ppid === shell) return
  clearInterval(watch)
  process.kill(process.pid, 'SIGTERM')
}, 200) // ms
watch.unref()
