import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { expectNoViolations } from './helpers.js';

/** What `<cnn-check>` says of itself. */
interface State {
  phase: string;
  busy: string | null;
  verdict: string;
  all: number;
  done: number;
  passed: number;
  failed: number;
  seconds: number;
  layers: { layer: string; passed: boolean | null }[];
  error: string | null;
}

const FIXTURES = new URL('../../tests/fixtures/ops/', import.meta.url);

function state(page: Page): Promise<State> {
  return page.evaluate(async () => {
    // A page that was reached by a link may not have run its script yet.
    await customElements.whenDefined('cnn-check');
    return (document.querySelector('cnn-check') as unknown as { getState(): State }).getState();
  });
}

async function until(page: Page, done: (state: State) => boolean, timeout = 120_000): Promise<State> {
  await expect.poll(async () => done(await state(page)), { timeout, intervals: [100] }).toBe(true);
  return state(page);
}

async function open(page: Page, query = ''): Promise<string[]> {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`./check.html?lang=en&theme=light${query}`);
  await until(page, ({ phase }) => phase === 'ready');
  return complaints;
}

test('every reference case passes, and a report of it can be copied', async ({ page, context }) => {
  test.setTimeout(400_000);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const complaints = await open(page);
  await page.getByRole('button', { name: 'Run all cases' }).click();
  const { passed, failed, seconds } = await until(
    page,
    ({ verdict }) => verdict === 'passed' || verdict === 'failed',
    300_000,
  );
  test.info().annotations.push({ type: 'seconds for all cases', description: seconds.toFixed(1) });
  expect(failed, await page.locator('cnp-case-table tr.failed').allInnerTexts().then(String)).toBe(0);
  expect(passed).toBeGreaterThanOrEqual(112);
  await expect(page.getByRole('heading', { name: 'Every kernel is right on this GPU' })).toBeVisible();

  // Files that are no sound reference: the row says why, the verdict changes, and the failures come first if one likes.
  const sound = readFileSync(new URL('relu.safetensors', FIXTURES));
  const wrong = Buffer.from(sound);
  wrong.writeFloatLE(1e9, wrong.length - 4);
  await page.locator('cnp-case-table input[type=file]').setInputFiles([
    { name: 'cut.safetensors', mimeType: 'application/octet-stream', buffer: sound.subarray(0, sound.length / 2) },
    { name: 'relu.safetensors', mimeType: 'application/octet-stream', buffer: sound },
    { name: 'wrong.safetensors', mimeType: 'application/octet-stream', buffer: wrong },
  ]);
  await until(page, ({ verdict, all, done }) => verdict === 'failed' && all === done);
  await expect(page.locator('[data-case="cut"]')).toContainText(
    'neither a reference file in JSON nor a safetensors file',
  );
  await expect(page.locator('[data-case="relu (2)"]')).toContainText('pass');
  await expect(page.locator('[data-case="wrong"]')).toContainText(/got .*, want 1000000000/);
  await page.getByLabel('Failures first').check();
  await expect(page.locator('cnp-case-table tbody tr').nth(1)).toHaveClass('failed');
  await expect(page.locator('cnp-case-table tbody tr').nth(2)).toHaveClass('passed');

  await page.getByRole('button', { name: 'Check gradient' }).click();
  const { layers } = await until(page, ({ layers, busy }) => layers.length > 0 && busy === null);
  expect(layers.map(({ layer, passed }) => [layer, passed])).toEqual(
    ['conv2d', 'conv2d_1', 'dense', 'dense_1', 'dense_2'].map((layer) => [layer, true]),
  );
  await expect(page.locator('cnp-gradient-panel')).toContainText('The gradient of all 5 layers is right.');

  await page.getByRole('button', { name: 'Copy report' }).click();
  await expect(page.getByText('Report copied')).toBeAttached();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  const adapter = (await page.locator('[data-adapter]').textContent()) ?? '';
  expect(adapter).toMatch(/\w/);
  expect(report).toContain(`- Adapter: ${adapter}`);
  expect(report).toMatch(/^## GPU check: FAIL, 2 of 115 cases$/m);
  expect(report).toMatch(/^- maxStorageBufferBindingSize: \d+$/m);
  expect(report).toContain(await page.evaluate(() => navigator.userAgent));
  expect(report).toMatch(/^- Engine: \d+\.\d+\.\d+$/m);
  expect(report).toMatch(/^\| conv2d \| conv2d_k5_s1_valid_lenet \| .* \| pass \|$/m);
  expect(report).toMatch(/^### Gradient of lenet, seed 1$/m);

  for (const theme of ['light', 'dark'] as const) {
    for (const lang of ['en', 'ko'] as const) {
      await page.evaluate(
        (change) => {
          const element = document.querySelector('cnn-check') as unknown as { settings: object };
          element.settings = { ...element.settings, ...change };
        },
        { lang, theme },
      );
      await expect(page.locator('html')).toHaveAttribute('lang', lang);
      await expectNoViolations(page, `${lang}, ${theme}`);
    }
  }
  await page.setViewportSize({ width: 390, height: 844 });
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wider).toBeLessThanOrEqual(0);
  expect(complaints).toEqual([]);
});

test('a run can be cancelled, and the main thread answers all the while', async ({ page }) => {
  await open(page);
  await page.evaluate(() => {
    const gaps = { longest: 0 };
    Object.assign(globalThis, { gaps });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) gaps.longest = Math.max(gaps.longest, duration);
    }).observe({ entryTypes: ['longtask'] });
  });
  await page.getByRole('button', { name: 'Run all cases' }).click();
  await until(page, ({ done }) => done >= 8);
  await page.getByRole('button', { name: 'Cancel' }).click();
  const { verdict, done, all } = await until(page, ({ busy }) => busy === null);
  expect(verdict).toBe('partial');
  expect(done).toBeLessThan(all);
  const longest = await page.evaluate(() => (globalThis as unknown as { gaps: { longest: number } }).gaps.longest);
  test.info().annotations.push({ type: 'longest task, ms', description: longest.toFixed(0) });
  await expect(page.getByRole('heading', { name: `Right so far: ${done} of ${all} cases` })).toBeVisible();
});

test('a case that cannot be loaded fails and says so', async ({ page }) => {
  await page.route(/add_two-[^/]*\.safetensors/, (route) => route.fulfill({ status: 404 }));
  await open(page);
  await page.getByRole('button', { name: 'Run all cases' }).click();
  await until(page, ({ failed }) => failed === 1);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.locator('[data-case="add_two"]')).toContainText('HTTP 404');
});

test('the playground leads to the check page and back to the same run', async ({ page }) => {
  await page.goto('./?v=1&lang=en&theme=light&model=lenet&seed=7');
  await page.getByRole('link', { name: 'Check this GPU' }).click();
  await page.waitForURL(/check\.html/);
  await until(page, ({ phase }) => phase === 'ready');
  await page.getByRole('link', { name: 'Playground' }).click();
  await expect(page).toHaveURL(/index\.html\?.*model=lenet.*seed=7/);
  await expect(page.locator('cnn-playground')).toBeVisible();
});

test('without WebGPU the page says so', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined });
  });
  for (const [lang, title] of [
    ['en', 'This page needs WebGPU'],
    ['ko', '이 페이지에는 WebGPU가 필요합니다'],
  ] as const) {
    await page.goto(`./check.html?lang=${lang}`);
    await expect(page.locator('[data-reason="no-webgpu"]')).toContainText(title);
    await expectNoViolations(page, lang);
  }
});
