import { expect, test, type Page } from '@playwright/test';
import { expectNoViolations, open, trainButton, until } from './helpers.js';

/** Runs code in the worker before the engine does. */
async function inWorker(page: Page, code: string): Promise<void> {
  await page.route(/assets\/worker-[^/]*\.js/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${code}\n${await response.text()}` });
  });
}

async function expectCase(page: Page, reason: string, words: RegExp): Promise<void> {
  for (const [lang, title] of [
    ['en', 'This page needs WebGPU'],
    ['ko', '이 페이지에는 WebGPU가 필요합니다'],
  ] as const) {
    await page.goto(`./?lang=${lang}`);
    const message = page.locator(`[data-reason="${reason}"]`);
    await expect(message).toContainText(title);
    await expect(message.getByRole('listitem').first()).toBeVisible();
    if (lang === 'en') await expect(message).toContainText(words);
    await expectNoViolations(page, lang);
  }
}

test('no navigator.gpu', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined });
  });
  await expectCase(page, 'no-webgpu', /navigator\.gpu is missing.*Update Chrome/s);
});

test('no adapter', async ({ page }) => {
  await page.addInitScript(() => {
    const { prototype } = (globalThis as unknown as { GPU: { prototype: { requestAdapter: unknown } } }).GPU;
    prototype.requestAdapter = () => Promise.resolve(null);
  });
  await expectCase(page, 'no-adapter', /no adapter.*graphics driver/s);
});

test('no adapter in the worker alone', async ({ page }) => {
  await inWorker(page, 'GPU.prototype.requestAdapter = () => Promise.resolve(null);');
  await expectCase(page, 'no-adapter', /no adapter/);
});

test('limits too low', async ({ page }) => {
  await inWorker(
    page,
    `for (const name of ['maxStorageBufferBindingSize', 'maxBufferSize', 'maxStorageBuffersPerShaderStage', 'maxComputeInvocationsPerWorkgroup', 'maxComputeWorkgroupSizeX'])
       Object.defineProperty(GPUSupportedLimits.prototype, name, { get: () => 2 });`,
  );
  await expectCase(page, 'limits', /limits are lower/);
});

test('plain HTTP', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'isSecureContext', { get: () => false });
  });
  await expectCase(page, 'insecure', /https/);
});

test('a lost device can be brought back', async ({ page }) => {
  await inWorker(
    page,
    `const request = GPUAdapter.prototype.requestDevice;
     GPUAdapter.prototype.requestDevice = async function (...words) {
       const device = await request.apply(this, words);
       new BroadcastChannel('test').onmessage = () => device.destroy();
       return device;
     };`,
  );
  await open(page);
  await trainButton(page).click();
  await until(page, ({ step }) => step > 3);
  await page.evaluate(() => new BroadcastChannel('test').postMessage('lose it'));
  await expect(page.getByRole('alert')).toContainText('The GPU was taken away');
  await page.getByRole('button', { name: 'Restart the engine' }).click();
  await until(page, ({ phase }) => phase === 'ready');
  await trainButton(page).click();
  await until(page, ({ step }) => step > 3);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('an engine whose worker dies says so and can be started again', async ({ page }) => {
  await inWorker(page, "new BroadcastChannel('test').onmessage = () => { throw new Error('a fault of its own'); };");
  await open(page);
  await page.evaluate(() => new BroadcastChannel('test').postMessage('die'));
  await expect(page.getByRole('alert')).toContainText(/The engine stopped.*a fault of its own/);
  await page.getByRole('button', { name: 'Restart the engine' }).click();
  await until(page, ({ phase }) => phase === 'ready');
});

test('data that cannot be loaded: the reason and another try', async ({ page }) => {
  let broken = true;
  await page.route(/digits\.safetensors/, (route) => (broken ? route.fulfill({ status: 404 }) : route.continue()));
  await page.goto('./?lang=en');
  await expect(page.getByRole('alert')).toContainText('HTTP 404');
  broken = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await until(page, ({ phase }) => phase === 'ready');
});
