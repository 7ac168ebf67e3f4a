import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = new URL('.', import.meta.url).pathname

export default defineConfig({
  root: here,
  plugins: [react()],
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
