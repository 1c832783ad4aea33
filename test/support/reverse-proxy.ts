/** What stands between the internet and a server, as a file of deploy/ describes it. */
export interface ReverseProxy {
  /** Without TLS, for the clients of tests. */
  url: string
  /** With a certificate that nobody trusts. */
  tlsUrl: string
  /** What it has written into its logs. */
  logs(): Promise<string>
}
