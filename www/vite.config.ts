import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Every address in the built page is relative, so that it works under any sub-path.
  base: './',
  build: {
    target: 'es2022',
    // The engine's wasm and the digits stay files: a data: address would need a looser Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // The last one is for other pages' script tags, under a name that stays.
      input: {
        index: 'index.html',
        check: 'check.html',
        embed: 'embed.html',
        lessons: 'lessons.html',
        'cnn-playground': 'src/element.ts',
      },
      preserveEntrySignatures: 'allow-extension',
      output: {
        entryFileNames: ({ name }) => (name === 'cnn-playground' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  worker: { format: 'es' },
  // The check page's cases lie beside the page's folder.
  server: { port: 5173, fs: { allow: ['..'] } },
  test: {
    include: ['tests/unit/**/*.test.ts'],
    environment: 'node',
  },
});
