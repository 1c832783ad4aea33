import type { DocumentNode } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { LRUCache } from 'lru-cache'

const CACHE_SIZE = 50_000_000 // bytes, about
const DOCUMENT_SIZE = 3_000 // bytes that the smallest one takes
const CHARACTER_SIZE = 200 // bytes that each character of its text adds

/**
 * Keeps documents that have been found valid, so that they are parsed and validated once. Yoga's own keeps the others
 * too, and by each of their errors the request that it came with: strangers could fill the memory with them.
 */
export function useDocumentCache(): Plugin {
  const documents = new LRUCache<string, DocumentNode>({
    maxSize: CACHE_SIZE,
    sizeCalculation: (_document, text) => DOCUMENT_SIZE + CHARACTER_SIZE * text.length,
  })
  const found = new WeakSet<DocumentNode>()
  return {
    onParse({ params, setParsedDocument }) {
      const document = documents.get(String(params.source))
      if (document) setParsedDocument(document)
    },
    onValidate({ params: { documentAST }, setResult }) {
      if (found.has(documentAST)) return setResult([])
      return ({ valid }) => {
        const text = documentAST.loc?.source.body
        if (!valid || text === undefined) return
        found.add(documentAST)
        documents.set(text, documentAST)
      }
    },
  }
}
