/** Where the uploads of a database lie: beside it. */
export function mediaFolderOf(databaseUrl: string): string {
  return `${databaseUrl.replace(/^file:/, '')}.media`
}
