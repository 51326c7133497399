/** How the renderer is built: every file hashed and separate, because the content policy allows nothing inline. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: 'src/renderer',
  base: '/',
  plugins: [react()],
  // Modules, because a worker loads what it seldom needs when it needs it.
  worker: { format: 'es' },
  build: {
    target: 'chrome140',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
  },
})
