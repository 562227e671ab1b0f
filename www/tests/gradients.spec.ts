import { expect, test, type Locator, type Page } from '@playwright/test';
import { painted, expectNoViolations, open, pause, state, trainButton, until } from './helpers.js';

type Api = typeof import('../pkg/cnn_playground.js');

test('gradients of the loss and of a class are painted in place of values, and read', async ({ page }) => {
  const complaints = await open(page, '&batch=256');
  const inspector = page.locator('cnp-inspector-panel');
  await page.locator('[data-layer="conv2d_1"]').click();
  await inspector.getByRole('button', { name: 'Gradients' }).click();
  const maps = inspector.locator('cnp-gradient-maps');
  const canvas = maps.locator('cnp-gpu-canvas');
  await expect(canvas.locator('canvas')).toHaveAttribute(
    'aria-label',
    'Gradients with respect to the maps of conv2d_1',
  );
  await painted(page, canvas, 20);
  await canvas.hover({ position: { x: 400, y: 60 } });
  await expect(maps).toContainText(/channel \d+ · \(\d+, \d+\) = -?[\d.e-]+/);
  await expectNoViolations(page, 'gradients', ['cnn-playground', 'cnp-inspector-panel']);

  // Of a class's logit, with respect to the logits themselves: 1 for the class, 0 for all others.
  await page.locator('[data-layer="dense_2"]').click();
  await maps.getByRole('combobox').selectOption({ label: 'of class 0' });
  const box = await canvas.boundingBox();
  if (box === null) throw new Error('no canvas');
  const seen = new Map<string, number>();
  for (let share = 0.02; share < 1; share += 0.06) {
    await canvas.hover({ position: { x: box.width * share, y: box.height * 0.25 } });
    await expect(maps.locator('.read')).not.toHaveText('…');
    const [, unit, value] = /unit (\d+) = (-?[\d.]+)/.exec((await maps.locator('.read').textContent()) ?? '') ?? [];
    if (unit !== undefined) seen.set(unit, Number(value));
  }
  expect(seen.get('0')).toBe(1);
  expect([...seen].filter(([unit]) => unit !== '0').every(([, value]) => value === 0)).toBe(true);

  // Training goes on beside it.
  await trainButton(page).click();
  await until(page, ({ step }) => step >= 3);
  expect((await pause(page)).error).toBeNull();
  await inspector.getByRole('button', { name: 'Values' }).click();
  await expect(inspector.locator('cnp-layer-maps')).toBeVisible();
  expect(complaints).toEqual([]);
});

test('a glance at the gradients costs nothing: training goes on, and values are there again', async ({ page }) => {
  const complaints = await open(page, '&batch=256');
  await trainButton(page).click();
  await until(page, ({ step }) => step >= 1);
  const inspector = page.locator('cnp-inspector-panel');
  for (let glance = 0; glance < 3; glance += 1) {
    await inspector.getByRole('button', { name: 'Gradients' }).click();
    await inspector.getByRole('button', { name: 'Values' }).click();
  }
  const { step } = await state(page);
  await until(page, (now) => now.step >= step + 2);
  expect((await pause(page)).error).toBeNull();
  await expect(inspector.locator('cnp-layer-maps')).toBeVisible();
  expect(complaints).toEqual([]);
});

async function grey(page: Page, canvas: Locator, x: number, y: number): Promise<number> {
  const png = (await canvas.screenshot()).toString('base64');
  return page.evaluate(
    async ([base64, left, top]) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const context = new OffscreenCanvas(1, 1).getContext('2d');
      context?.drawImage(await createImageBitmap(new Blob([bytes], { type: 'image/png' })), -left, -top);
      return context?.getImageData(0, 0, 1, 1).data[0] ?? -1;
    },
    [png, x, y] as const,
  );
}

test('one range for all layers: black is the smallest value of all, white the largest', async ({ page }) => {
  await page.route(/\/pkg\//, (route) =>
    route.fulfill({ path: `pkg/${new URL(route.request().url()).pathname.split('/').at(-1) ?? ''}` }),
  );
  await page.route(/blank\.html/, (route) => route.fulfill({ contentType: 'text/html', body: '<title>blank</title>' }));
  await page.goto('./blank.html');
  const layers = ['conv2d', 'dense', 'dense_2'];
  const values = await page.evaluate(async (names) => {
    const { default: init, Engine } = (await import(new URL('./pkg/cnn_playground.js', location.href).href)) as Api;
    await init();
    const engine = await Engine.create(await (await fetch('./pkg/shaders.txt')).text());
    const optimizer = { algorithm: 'adam' } as const;
    const session = await engine.session(engine.shapes(20, 1), { model: 'lenet', optimizer, batch: 4, seed: 1 });
    session.probeSample(3);
    const lasting: unknown[] = [];
    for (const layer of names) {
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 320;
      canvas.id = layer;
      document.body.append(canvas);
      lasting.push(session.createView(canvas, { layer, kind: 'activation', color_map: 'grey', scale: 'global' }));
    }
    await session.observe();
    (globalThis as unknown as { lasting: unknown }).lasting = lasting;
    return Promise.all(names.map(async (layer) => [...(await session.activation(layer))]));
  }, layers);
  const all = values.flat();
  const [low, high] = [Math.min(...all), Math.max(...all)];
  for (const [i, layer] of layers.entries()) {
    // The first value lies in the upper left corner.
    const expected = (255 * ((values[i]?.[0] ?? 0) - low)) / (high - low);
    expect(Math.abs((await grey(page, page.locator(`#${layer}`), 2, 2)) - expected), layer).toBeLessThan(3);
  }
  // Of itself the last layer would be black and white.
  const own = values.at(-1) ?? [];
  expect(Math.max(...own) - Math.min(...own)).toBeLessThan(0.5 * (high - low));
});
