import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Every address in the built page is relative, so that it works under any sub-path.
  base: './',
  build: {
    target: 'es2022',
    // The engine's wasm and the digits stay files: a data: address would need a looser Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: ['index.html', 'check.html'] },
  },
  worker: { format: 'es' },
  // The check page's cases lie beside the page's folder.
  server: { port: 5173, fs: { allow: ['..'] } },
  test: {
    include: ['tests/unit/**/*.test.ts'],
    environment: 'node',
  },
});
