import { expect, test, type Page } from '@playwright/test';
import { expectNoViolations, type State } from './helpers.js';

/** An element of the course page, by its id. */
function stateOf(page: Page, id: string): Promise<State> {
  return page.evaluate((id) => (document.getElementById(id) as unknown as { getState(): State }).getState(), id);
}

async function until(page: Page, id: string, done: (state: State) => boolean): Promise<void> {
  await expect.poll(async () => done(await stateOf(page, id)), { timeout: 120_000, intervals: [100] }).toBe(true);
}

test('a course page with two elements and a frame: one worker, nothing before it is seen, commands by message', async ({
  page,
}) => {
  test.setTimeout(400_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  // How often anybody asks for a GPU, here or in a frame.
  await page.addInitScript(() => {
    const asked = { adapters: 0 };
    Object.assign(globalThis, { asked });
    const gpu = (globalThis.navigator as unknown as { gpu: { requestAdapter(options?: object): Promise<unknown> } })
      .gpu;
    const original = gpu.requestAdapter.bind(gpu);
    gpu.requestAdapter = (options) => {
      asked.adapters += 1;
      return original(options);
    };
  });
  const asked = (): Promise<number> =>
    page.evaluate(() => (globalThis as unknown as { asked: { adapters: number } }).asked.adapters);
  // High enough for the first, too low for the second.
  await page.setViewportSize({ width: 1200, height: 700 });
  await page.goto('./examples/course.html');

  await until(page, 'first', ({ phase }) => phase === 'ready');
  expect((await stateOf(page, 'second')).phase).toBe('idle');
  expect(await asked()).toBe(1);
  expect(page.workers()).toHaveLength(1);
  // A network that comes to be does not move the page it stands on.
  expect(await page.evaluate(() => scrollY)).toBe(0);
  await expect(page.locator('#first cnp-network-graph')).toBeVisible();
  await expect(page.locator('#first cnp-inspector-panel')).toHaveCount(0);
  await expect(page.locator('#first h1')).toHaveCount(0);
  await expect(page.locator('#first').getByRole('combobox', { name: 'Model' })).toBeDisabled();

  // The page's own looks stay as they are, and the page scrolls.
  const looks = await page.evaluate(() => {
    const { overflowY, backgroundColor } = getComputedStyle(document.body);
    return { overflowY, backgroundColor, scrolls: document.documentElement.scrollHeight > innerHeight };
  });
  expect(looks).toEqual({ overflowY: 'visible', backgroundColor: 'rgb(255, 255, 255)', scrolls: true });

  await page.locator('#second').scrollIntoViewIfNeeded();
  await until(page, 'second', ({ phase }) => phase === 'ready');
  expect(page.workers()).toHaveLength(1);
  await expect(page.locator('#second').getByLabel('학습률', { exact: true })).toBeDisabled();

  // Both train at the same time, and each for itself.
  await page.evaluate(() => {
    for (const id of ['first', 'second']) (document.getElementById(id) as unknown as { play(): void }).play();
  });
  await until(page, 'first', ({ step }) => step >= 3);
  await until(page, 'second', ({ step }) => step >= 3);
  // Out of sight, the second rests; the first goes on.
  await page.evaluate(() => scrollTo(0, 0));
  await until(page, 'second', ({ playing }) => !playing);
  await page.locator('#second').scrollIntoViewIfNeeded();
  await until(page, 'second', ({ playing }) => playing);
  await page.evaluate(async () => {
    for (const id of ['first', 'second'])
      await (document.getElementById(id) as unknown as { pause(): Promise<void> }).pause();
  });

  const frame = page.frameLocator('#framed');
  await page.locator('#framed').scrollIntoViewIfNeeded();
  const says = page.locator('#frame-says');
  await expect(says).toHaveText('The frame is ready.', { timeout: 90_000 });
  await expect(frame.locator('cnp-draw-panel')).toBeVisible();
  await expect(frame.locator('cnp-page-header')).toHaveCount(0);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect(says).toHaveText('The frame is at step 1.', { timeout: 60_000 });
  // As high as its content, as soon as the page has heard of it: the frame does not scroll.
  const height = (): Promise<{ over: number; clientHeight: number }> =>
    frame
      .locator('html')
      .evaluate(({ scrollHeight, clientHeight }) => ({ over: scrollHeight - clientHeight, clientHeight }));
  await expect.poll(async () => (await height()).over).toBeLessThanOrEqual(0);
  expect((await height()).clientHeight).toBeLessThan(900);

  await expectNoViolations(page, 'embedded');
  expect(complaints).toEqual([]);
});
