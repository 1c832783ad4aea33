/** Whether this server has the file. Nothing is loaded from elsewhere: that would tell there who reads what, and when. */
export function isOwnAddress(url: string): boolean {
  return URL.canParse(url) && new URL(url).origin === location.origin
}
