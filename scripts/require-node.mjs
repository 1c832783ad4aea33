// The sources run as they are, which needs a Node that strips types. It comes along as an optional
// dependency for Linux (glibc) and Windows, first on the path of npm's scripts.
const NEEDED = 24

if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  console.error(
    `ChatServer needs Node ${NEEDED} or later, and this is ${process.version}: no bundled Node fits this machine (${process.platform}-${process.arch}), so install Node ${NEEDED} from nodejs.org or your package manager.`,
  )
  process.exit(1)
}
