import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const here = new URL('.', import.meta.url).pathname

/** What the board needs beside the entry, the map library foremost: asked for while the entry is still being read. */
const FIRST_NEEDED = ['engine', 'live-page']

const askEarly: Plugin = {
  name: 'ask-early',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle }) =>
      Object.values(bundle ?? {})
        .filter((file) => file.type === 'chunk' && FIRST_NEEDED.includes(file.name))
        .map(({ fileName }) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', href: `/${fileName}` },
          injectTo: 'head' as const,
        })),
  },
}

export default defineConfig({
  root: here,
  plugins: [react(), askEarly],
  build: {
    outDir: `${here}../../dist/console`,
    emptyOutDir: true,
    target: 'es2023',
    sourcemap: false,
    // The map library alone is about 1 MB before compression; it comes with the first page that draws a map.
    chunkSizeWarningLimit: 1400,
    assetsInlineLimit: 0,
  },
  server: {
    proxy: { '/api': { target: 'http://127.0.0.1:8080', ws: true }, '/healthz': 'http://127.0.0.1:8080' },
  },
})
