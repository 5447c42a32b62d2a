import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { precompress } from './build/precompress.ts';

/** The node that `npm run dev` shows; start one with `zeromesh run`. */
const node = process.env.ZEROMESH_NODE ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [svelte(), precompress()],
  // Unit tests mount components as a browser would.
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  server: { proxy: { '/api': { target: node, ws: true } } },
  build: {
    target: 'es2022',
    // Nothing becomes a `data:` address: the content security policy allows files of our own only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // scripts/budget.mjs reads from it which page needs which file.
    manifest: true,
    reportCompressedSize: false,
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
});
