import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { GraphiQLOptions } from 'graphql-yoga'
import { acceptedEncodings } from './accepted-encodings.ts'
import { EXAMPLE_TABS } from './graphiql-tabs.ts'
import { GRAPHIQL_CSP } from './security-headers.ts'

/** A page to try operations on. */
export interface GraphiQL {
  sendPage(response: ServerResponse): Promise<void>
  /** @param path of the request @returns false where there is no such file */
  sendFile(path: string, request: IncomingMessage, response: ServerResponse): Promise<boolean>
}

interface Page {
  html: string
  /** What it loads, by its path. */
  files: Map<string, PageFile>
}

interface PageFile {
  type: string
  content: Buffer
  compressed: Buffer
}

const FILE = 'graphiql'

const OPTIONS: GraphiQLOptions = {
  title: 'ChatServer',
  // Which carries the headers that the page has, and so the token, as a WebSocket of a browser can't.
  subscriptionsProtocol: 'SSE',
  defaultTabs: EXAMPLE_TABS,
  defaultEditorToolsVisibility: 'headers',
  shouldPersistHeaders: false, // a token is nothing to keep
}

/** @param path where the page is, with its files below */
export function createGraphiQL(path: string): GraphiQL {
  let page: Promise<Page> | undefined
  const load = () => {
    page ??= renderPage(path)
    return page
  }

  return {
    async sendPage(response) {
      const { html } = await load()
      response
        .writeHead(200, {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': GRAPHIQL_CSP,
          'cache-control': 'no-cache',
        })
        .end(html)
    },

    async sendFile(name, request, response) {
      if (!name.startsWith(`${path}/${FILE}.`)) return false
      const file = (await load()).files.get(name)
      if (!file) return false
      const isCompressed = acceptedEncodings(request).includes('gzip')
      const body = isCompressed ? file.compressed : file.content
      response
        .writeHead(200, {
          'content-type': file.type,
          'content-length': body.length,
          ...(isCompressed && { 'content-encoding': 'gzip' }),
          'cache-control': 'public, max-age=31536000, immutable',
          vary: 'Accept-Encoding',
        })
        .end(body)
      return true
    },
  }
}

/** Takes the script and the style sheet out of Yoga's page, so that it may do without any in its text. */
async function renderPage(path: string): Promise<Page> {
  // Nine megabytes, served from here so that it works without internet access, and loaded when it is first asked for.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  const whole = renderGraphiQL(OPTIONS)
  const [script, style] = [contentOf(whole, 'script'), contentOf(whole, 'style')]
  const files = new Map<string, PageFile>()

  async function addFile(text: string, extension: string, type: string) {
    const content = Buffer.from(text)
    const hash = createHash('sha256').update(content).digest('hex').slice(0, 16)
    const name = `${path}/${FILE}.${hash}.${extension}`
    files.set(name, { type: `${type}; charset=utf-8`, content, compressed: await promisify(gzip)(content) })
    return name
  }

  const [scriptPath, stylePath] = await Promise.all([
    addFile(withoutTraces(script), 'js', 'text/javascript'),
    addFile(style, 'css', 'text/css'),
  ])
  const html = whole
    .replace(`<style>${style}</style>`, () => `<link rel="stylesheet" href="${stylePath}">`)
    .replace(`<script>${script}</script>`, () => `<script src="${scriptPath}"></script>`)
  return { html, files }
}

function contentOf(html: string, element: string): string {
  return html.slice(html.indexOf(`<${element}>`) + element.length + 2, html.lastIndexOf(`</${element}>`))
}

/** Yoga's GraphiQL writes what is edited, a password perhaps, into the page's address. */
function withoutTraces(script: string): string {
  const options = JSON.stringify(OPTIONS)
  const at = script.lastIndexOf(options)
  if (at < 0) throw new Error('GraphiQL is put together in another way')
  return `${script.slice(0, at)}{ ...${options}, onEditQuery() {} }${script.slice(at + options.length)}`
}
