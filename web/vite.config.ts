import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const server = `http://127.0.0.1:${process.env['PORT'] || 8080}`

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: ['chrome123', 'firefox125', 'safari17.5'], // what knows light-dark(), AbortSignal.any and popovers
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // the page's Content-Security-Policy has no data: for scripts and styles
  },
  server: {
    port: 5173,
    // The Host stays, so that the addresses of uploads lead back here.
    proxy: { '/graphql': { target: server, ws: true }, '/media': server },
  },
})
