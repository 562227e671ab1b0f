import { expect, test } from '@playwright/test';
import { draw, DIGITS, expectNoViolations, open, state, trainButton, until } from './helpers.js';

/** The first three visits of docs/stories.md, each from a fresh profile, and what a long visit leaves in memory. */

test('a student with a lab', async ({ page }) => {
  await page.goto('./lessons.html?lang=ko&theme=light');
  await page.getByRole('link', { name: /인셉션/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('인셉션');
  const card = page.locator('[data-layer="inception"]');
  await expect(card).toBeVisible({ timeout: 120_000 });
  await trainButton(page).click();
  await expect(page.locator('cnp-train-bar [data-stat="step"]')).not.toHaveText('0', { timeout: 60_000 });
  await card.click();
  await page.getByRole('tab', { name: '해부' }).click();
  const rows = page.locator('cnp-branches-view tbody tr');
  await expect(rows).toHaveCount(4);
  const sizes = (await rows.locator('td:nth-child(3)').allTextContents()).map(Number);
  expect(sizes).toEqual([72, 714, 483, 54]);
  await rows.nth(1).getByRole('checkbox').uncheck();
  await expect(page.locator('cnp-branches-view')).toContainText('파라미터 714개');
  await expectNoViolations(page, 'dissect');
  await page.getByLabel('1×1 다음 3×3').check();
  await page.getByRole('button', { name: '확인', exact: true }).click();
  await expect(page.getByRole('status').filter({ hasText: '맞았습니다' })).toBeVisible();
});

test('a student with an own drawing', async ({ page }) => {
  test.setTimeout(600_000);
  await open(page, '&batch=64');
  await trainButton(page).click();
  await until(page, ({ validation }) => (validation?.accuracy ?? 0) > 0.9, 400_000);
  await trainButton(page).click();
  await until(page, ({ playing }) => !playing);
  await draw(page, DIGITS[3]);
  await expect(page.locator('cnp-draw-panel [data-top]')).toHaveAttribute('data-top', '3');
  await page.getByRole('tab', { name: 'Explain' }).click();
  await expect(page.getByRole('img', { name: /^Grad-CAM for class 3: strongest around/ })).toBeVisible();
  await expectNoViolations(page, 'explain');
});

test('a teacher preparing a link', async ({ page, browser, baseURL }) => {
  await open(page);
  for (const [name, value] of [
    ['Learning rate', '0.005'],
    ['Seed', '7'],
  ] as const) {
    const field = page.getByRole('textbox', { name, exact: true });
    await field.fill(value);
    await field.press('Enter');
  }
  await page.getByRole('combobox', { name: 'Batch' }).selectOption('64');
  await expect(page).toHaveURL(/batch=64.*/);
  const context = await browser.newContext(baseURL === undefined ? {} : { baseURL });
  const other = await context.newPage();
  await other.goto(page.url());
  await until(other, ({ phase }) => phase === 'ready', 60_000);
  const { settings } = await state(other);
  expect(settings).toMatchObject({ batch: 64, lr: 0.005, seed: 7, lang: 'en' });
  // Twice the first step, bit for bit.
  const losses = [];
  for (const one of [page, other]) {
    await until(one, ({ phase }) => phase === 'ready');
    await one.getByRole('button', { name: 'One step', exact: true }).click();
    losses.push((await until(one, ({ step, loss }) => step === 1 && loss !== null)).loss);
  }
  expect(losses[0]).toBe(losses[1]);
  await context.close();
});

// An engineer comparing kernels: race.spec.ts. Someone without WebGPU: unsupported.spec.ts.

test('a run of 2,000 steps and 50 rebuilt models leave memory as it was', async ({ page }) => {
  test.setTimeout(900_000);
  await page.route(/\/pkg\//, (route) =>
    route.fulfill({ path: `pkg/${new URL(route.request().url()).pathname.split('/').at(-1) ?? ''}` }),
  );
  await page.route(/blank\.html/, (route) => route.fulfill({ contentType: 'text/html', body: '<title>blank</title>' }));
  await page.goto('./blank.html');
  const client = await page.context().newCDPSession(page);
  const heap = async (): Promise<number> => {
    // What one collection leaves to the next is no leak.
    const sizes: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      await client.send('HeapProfiler.collectGarbage');
      sizes.push(((await client.send('Runtime.getHeapUsage')) as { usedSize: number }).usedSize);
    }
    return Math.min(...sizes);
  };
  const begin = await page.evaluate(async () => {
    const { default: init, Engine } = (await import(
      new URL('./pkg/cnn_playground.js', location.href).href
    )) as typeof import('../pkg/cnn_playground.js');
    await init();
    const engine = await Engine.create(await (await fetch('./pkg/shaders.txt')).text());
    const data = engine.shapes(40, 1);
    const config = { model: 'lenet', optimizer: { algorithm: 'sgd' }, batch: 1, seed: 1 } as const;
    const use = async (steps: number): Promise<number> => {
      const session = await engine.session(data, config);
      for (let i = 0; i < steps; i += 1) await session.trainStep();
      await session.drain();
      await session.observe();
      const lens = session.lensFrom();
      await lens.back(new Float32Array(32 * 32 * 3), new Float32Array(10));
      lens.free();
      const bytes = engine.bytes();
      session.free();
      return bytes;
    };
    // The first one compiles.
    await use(3);
    Object.assign(globalThis, { engine, use });
    return { bytes: engine.bytes(), within: await use(3) };
  });
  const before = await heap();
  const end = await page.evaluate(async () => {
    const { engine, use } = globalThis as unknown as {
      engine: { bytes(): number };
      use: (steps: number) => Promise<number>;
    };
    const within = await use(2000);
    for (let i = 0; i < 50; i += 1) await use(1);
    return { bytes: engine.bytes(), within };
  });
  const after = await heap();
  expect(end).toEqual(begin);
  // Metrics arrive by the thousand; none of them may stay.
  expect(after - before).toBeLessThan(1_000_000);
});
