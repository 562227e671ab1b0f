import { defineConfig } from '@playwright/test';
import { ARGS, EXECUTABLE } from './scripts/browser.mjs';

/** Under a sub-path, as on a course's web space: an absolute address in the build would show here. */
const BASE = '/course/playground/';
const PORT = Number(process.env['PAGE_PORT'] ?? 4174);

export default defineConfig({
  testDir: 'tests',
  testMatch: '*.spec.ts',
  // Software WebGPU takes every core there is.
  workers: 1,
  // A test that passes only when tried again is listed as flaky, and is to be mended; it does not keep the others from being judged.
  retries: 1,
  timeout: 240_000,
  expect: { timeout: 20_000 },
  reporter: 'list',
  use: {
    baseURL: `http://localhost:${PORT}${BASE}`,
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath: EXECUTABLE, args: ARGS },
    trace: 'off',
    screenshot: 'only-on-failure',
  },
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --strictPort --port ${PORT} --base ${BASE}`,
    url: `http://localhost:${PORT}${BASE}`,
    reuseExistingServer: false,
  },
});
