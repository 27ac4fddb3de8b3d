import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

// Where `npm run dev` finds a console; the build itself knows no address.
const console_url = process.env.SLUICE_CONSOLE_URL ?? 'https://127.0.0.1:8443'

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '~': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/api': { target: console_url, secure: false, changeOrigin: true } } },
  build: {
    target: 'es2022',
    // Nothing is inlined as data: URI, so that `default-src 'self'` is the whole content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // Libraries change rarely and pages often: each part can be cached on its own.
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
            { name: 'mantine', test: /node_modules\/(@mantine|@floating-ui|react-remove-scroll|clsx)/ },
            { name: 'tanstack', test: /node_modules\/@tanstack\// },
          ],
        },
      },
    },
  },
})
