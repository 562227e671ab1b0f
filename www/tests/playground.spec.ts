import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { RawTab } from './raw-tab.js';
import {
  colours,
  DIGITS,
  draw,
  longestTask,
  open,
  painted,
  pause,
  state,
  still,
  trainButton,
  until,
} from './helpers.js';

test('LeNet learns the digits, pauses, and reads what is drawn', async ({ page }) => {
  // Some 250 steps, in software on two cores that may have other work.
  test.setTimeout(900_000);
  const complaints = await open(page);
  await trainButton(page).click();
  await expect(trainButton(page)).toContainText('Pause');

  const trained = await until(page, ({ validation }) => (validation?.accuracy ?? 0) > 0.95, 840_000);
  expect(trained.epoch).toBeGreaterThan(0);
  await trainButton(page).click();
  await until(page, ({ playing }) => !playing);
  await expect(page.getByRole('status').filter({ hasText: 'Paused' })).toHaveCount(1);

  for (const [digit, strokes] of Object.entries(DIGITS)) {
    await draw(page, strokes);
    await expect(page.locator('cnp-probability-bars ul'), `drawn ${digit}`).toHaveAttribute('data-top', digit);
  }
  await expect(page.locator('cnp-draw-panel')).toContainText('your drawing');
  expect(complaints).toEqual([]);
});

test('every card shows the layer’s maps, painted by the GPU', async ({ page }) => {
  await page.addInitScript(() => {
    const toggle = Object.getOwnPropertyDescriptor(Element.prototype, 'toggleAttribute')?.value as (
      ...given: unknown[]
    ) => boolean;
    Element.prototype.toggleAttribute = function (...given: unknown[]) {
      if (given[0] === 'blank') document.documentElement.setAttribute('data-blank', '');
      return toggle.apply(this, given);
    };
  });
  await open(page);
  const cards = page.locator('cnp-layer-card cnp-gpu-canvas');
  await expect(cards).toHaveCount(9);
  // Before that, the place of every map was there, and what it waits for was said.
  await expect(page.locator('html')).toHaveAttribute('data-blank');
  await expect(page.locator('cnp-gpu-canvas[blank]')).toHaveCount(0);
  await expect(page.locator('cnp-network-graph header')).toContainText('61,706 parameters');
  for (let i = 0; i < 9; i += 1) {
    await painted(page, cards.nth(i), 4, `card ${i}`);
    expect((await colours(page, cards.nth(i))).share, `card ${i}`).toBeGreaterThan(0.02);
  }
  // In other colours, in one range for a layer, in one for all: each choice is another picture. The first layer's maps have ranges
  // of their own, and the last layer's values are smaller than others.
  for (const [name, option, at] of [
    ['Colours', 'Grey', 1],
    ['Colours', 'Diverging', 1],
    ['Colour range', 'one for the layer', 1],
    ['Colour range', 'one for all in sight', 8],
  ] as const) {
    const before = await cards.nth(at).screenshot();
    await page.getByRole('combobox', { name, exact: true }).first().selectOption(option);
    await expect.poll(async () => (await cards.nth(at).screenshot()).equals(before), option).toBe(false);
    await still(page, cards.nth(at), option);
  }
});

test('maps change while the network trains and when another picture is chosen', async ({ page }) => {
  await open(page);
  const card = page.locator('[data-layer="dense_1"] cnp-gpu-canvas');
  await painted(page, card, 4);
  const before = await still(page, card);
  await trainButton(page).click();
  await until(page, ({ step }) => step > 10);
  await trainButton(page).click();
  await until(page, ({ playing }) => !playing);
  const changed = async (from: Buffer): Promise<boolean> => !(await card.screenshot()).equals(from);
  await expect.poll(() => changed(before)).toBe(true);
  const trained = await still(page, card);

  await page.locator('cnp-sample-grid [role=option]').nth(40).click();
  await expect.poll(() => changed(trained)).toBe(true);
});

test('what is loaded before Train, by script too, is at most 400 KB compressed', async ({ page }) => {
  const sizes = new Map<string, Promise<number>>();
  page.on('response', (response) => {
    sizes.set(
      response.url(),
      response.body().then((body) => gzipSync(body).length),
    );
  });
  await open(page);
  await page.waitForTimeout(1000);
  const all = await Promise.all(sizes.values());
  const names = [...sizes.keys()].map((url) => url.replace(/.*\//, '')).join(' ');
  expect(names).toMatch(/\.wasm.*digits\.safetensors|digits\.safetensors.*\.wasm/);
  expect(
    all.reduce((sum, size) => sum + size, 0),
    names,
  ).toBeLessThanOrEqual(400_000);
});

test('training never holds the page up for more than 50 ms', async ({ page, browser }) => {
  await open(page, '&batch=64');
  // What the start itself cost does not count: first layout, first texts.
  await page.waitForTimeout(1500);
  await browser.startTracing(page, { categories: ['toplevel'] });
  await trainButton(page).click();
  // An epoch's end too, with its validation.
  await until(page, ({ validation }) => validation !== null, 180_000);
  const trace = await browser.stopTracing();
  const longest = longestTask(trace, 'tdur');
  const description = `${longest.toFixed(0)} ms of processor time, ${longestTask(trace, 'dur').toFixed(0)} ms by the clock`;
  test.info().annotations.push({ type: 'longest task', description });
  expect(longest).toBeGreaterThan(0);
  expect(longest).toBeLessThan(50);
});

/** From the smallest to the slowest that software trains in a few seconds, with every kind of layer the registry has: plain and
 * batch-normalised convolutions, dropout, dense layers of thousands of units, inception's branches, residual blocks. */
const MODELS = ['simple_cnn', 'alexnet_32', 'vgg_bn_32', 'googlenet_32', 'resnet56'];

test('nor does training any other model, however many layers it has', async ({ page, browser }) => {
  await open(page, '&batch=8&model=simple_cnn');
  for (const model of MODELS) {
    await page.evaluate((model) => {
      (document.querySelector('cnn-playground') as unknown as { setState(change: object): void }).setState({ model });
    }, model);
    await until(page, ({ phase, settings, step }) => phase === 'ready' && settings['model'] === model && step === 0);
    await page.waitForTimeout(1000);
    await browser.startTracing(page, { categories: ['toplevel'] });
    await trainButton(page).click();
    await until(page, ({ step }) => step >= 2);
    const trace = await browser.stopTracing();
    await pause(page);
    const longest = longestTask(trace, 'tdur');
    test.info().annotations.push({ type: 'longest task', description: `${model}: ${longest.toFixed(0)} ms` });
    expect(longest, model).toBeGreaterThan(0);
    expect(longest, model).toBeLessThan(50);
  }
});

test('training goes on in a hidden tab', async ({ browser, baseURL }) => {
  const tab = await RawTab.open(browser, `${baseURL ?? ''}?v=1&lang=en&batch=64`);
  const element = `document.querySelector('cnn-playground').getState()`;
  await expect.poll(() => tab.evaluate(`${element}.phase`), { timeout: 60_000 }).toBe('ready');
  await tab.evaluate(`document.querySelector('cnn-playground').play()`);
  await expect.poll(() => tab.evaluate(`${element}.step`), { timeout: 60_000 }).toBeGreaterThan(1);

  await tab.minimise();
  await expect.poll(() => tab.evaluate('document.visibilityState')).toBe('hidden');
  const step = Number(await tab.evaluate(`${element}.step`));
  await expect.poll(() => tab.evaluate(`${element}.step`), { timeout: 90_000 }).toBeGreaterThan(step + 8);
  expect(await tab.evaluate('document.visibilityState')).toBe('hidden');
  await tab.close();
});

test('the same seed gives the same losses, bit for bit', async ({ page }) => {
  test.setTimeout(180_000);
  const losses = async (): Promise<string> => {
    const seen = await page.evaluate(
      () =>
        new Promise<number[]>((resolve) => {
          const element = document.querySelector('cnn-playground') as unknown as EventTarget & {
            play(): void;
            pause(): Promise<void>;
          };
          const values: number[] = [];
          const collect = (event: Event): void => {
            const { metrics } = (event as CustomEvent<{ metrics: { loss: number }[] }>).detail;
            for (const { loss } of metrics) values.push(loss);
            if (values.length < 8) return;
            element.removeEventListener('step', collect);
            void element.pause().then(() => resolve(values.slice(0, 8)));
          };
          element.addEventListener('step', collect);
          element.play();
        }),
    );
    return seen.map((value) => value.toPrecision(17)).join(' ');
  };
  await open(page, '&seed=7');
  const first = await losses();
  await open(page, '&seed=7');
  expect(await losses()).toBe(first);
  await page.getByRole('button', { name: 'Reset' }).click();
  await until(page, ({ step }) => step === 0);
  expect(await losses()).toBe(first);
});

test('the settings of a run are in the URL and come back from it', async ({ page }) => {
  await open(page, '&optimizer=momentum&batch=64&seed=5');
  await expect(page.getByLabel('Optimiser')).toHaveValue('momentum');
  await expect(page.getByLabel('Batch')).toHaveValue('64');
  await page.getByLabel('Batch').selectOption('128');
  await until(page, ({ stepsPerEpoch }) => stepsPerEpoch === Math.floor(1438 / 128));
  await page.getByLabel('Learning rate', { exact: true }).fill('0.02');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/optimizer=momentum&lr=0\.02&batch=128&seed=5/);
  // An architecture is chosen by its name.
  await page.getByRole('combobox', { name: 'Model' }).selectOption('lenet_tanh');
  await expect(page.locator('cnp-network-graph')).toContainText('Avg pool');
  await expect(page).toHaveURL(/model=lenet_tanh/);
  await page.reload();
  await until(page, ({ phase }) => phase === 'ready');
  const { settings } = await state(page);
  expect(settings).toMatchObject({ model: 'lenet_tanh', optimizer: 'momentum', lr: 0.02, batch: 128, seed: 5 });
});

test('one step is one step, reset goes back to none', async ({ page }) => {
  await open(page);
  await page.getByRole('button', { name: 'One step' }).click();
  await until(page, ({ step, loss }) => step === 1 && loss !== null);
  await page.getByRole('button', { name: 'One step' }).click();
  await until(page, ({ step }) => step === 2);
  await page.getByRole('button', { name: 'Reset' }).click();
  const { loss } = await until(page, ({ step }) => step === 0);
  expect(loss).toBeNull();
});

test('a loss that runs away stops with the reason and a way out', async ({ page }) => {
  // So large that the first update overflows; a merely bad rate kills every unit instead and stays finite.
  await open(page, '&optimizer=sgd&lr=1e20');
  await trainButton(page).click();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('Training stopped', { timeout: 60_000 });
  await expect(alert).toContainText(/step \d+/);
  await page.getByRole('button', { name: 'Start over at a learning rate of 0.01' }).click();
  await until(page, ({ step, error }) => step === 0 && error === null);
  expect((await state(page)).settings['lr']).toBe(0.01);
});

test('a setting that cannot work says why and leaves the run as it was', async ({ page }) => {
  await open(page);
  const setState = (change: object): Promise<string> =>
    page.evaluate((change) => {
      try {
        (document.querySelector('cnn-playground') as unknown as { setState(change: object): void }).setState(change);
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    }, change);
  // What can be told at once is told to the caller.
  expect(await setState({ batch: 100_000 })).toContain('"batch" cannot be 100000; use a whole number from 1 to 1024');
  await expect(page.getByRole('alert')).toHaveCount(0);
  expect(await setState({ model: 'no_such_model' })).toBe('');
  await expect(page.getByRole('alert')).toContainText('the old one stays');
  const { settings, phase } = await state(page);
  expect([settings['model'], settings['batch'], phase]).toEqual(['lenet', 32, 'ready']);
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('the inspector shows maps, filters, the WGSL that ran, costs and the summary', async ({ page }) => {
  await open(page);
  await page.locator('[data-layer="conv2d_1"]').click();
  const inspector = page.locator('cnp-inspector-panel');
  await expect(inspector.getByRole('heading', { name: 'conv2d_1' })).toBeVisible();
  await painted(page, inspector.locator('cnp-gpu-canvas'), 20);

  // Pointing at a map reads a value of the activation.
  const canvas = inspector.locator('cnp-gpu-canvas');
  const box = await canvas.boundingBox();
  if (box === null) throw new Error('no canvas');
  await page.mouse.move(box.x + box.width / 2 - 8, box.y + box.height / 2 - 8);
  await expect(inspector).toContainText(/channel \d+ · \(\d+, \d+\) = -?[\d.e-]+/);

  await inspector.getByRole('tab', { name: 'Filters' }).click();
  await painted(page, inspector.locator('cnp-gpu-canvas'), 20);

  await inspector.getByRole('tab', { name: 'WGSL' }).click();
  await expect(inspector.locator('pre')).toContainText('@compute');
  await expect(inspector.getByRole('heading', { name: 'Forward' })).toBeVisible();
  await expect(inspector.getByRole('heading', { name: 'Backward' })).toBeVisible();
  await expect(inspector.locator('.entry-point')).toHaveCount(1);
  // The equation has the layer's sizes in it, and the lines that compute it are marked.
  await expect(inspector.locator('math').first()).toContainText(/kh=04.*ci=05/);
  await expect(inspector.locator('.line.sum').first()).toContainText(' += ');
  await expect(inspector.locator('.line.branch')).toContainText('case 1u');
  await inspector.getByRole('button', { name: 'backward_input' }).click();
  await expect(inspector.locator('.equation.given')).toContainText('dx');
  // Where there is room, forward and backward stand side by side.
  await page.setViewportSize({ width: 1920, height: 1080 });
  await expect(inspector.locator('cnp-kernel-column')).toHaveCount(2);
  await expect(inspector.locator('pre')).toHaveCount(2);
  await expect(inspector.locator('.entry-point')).toHaveText([/fn forward/, /fn backward_kernel/]);
  await page.setViewportSize({ width: 1440, height: 900 });

  await inspector.getByRole('tab', { name: 'Cost' }).click();
  await expect(inspector).toContainText('2,416');
  await expect(inspector).toContainText('240,000');
  await inspector.getByRole('tab', { name: 'Summary' }).click();
  await expect(inspector.locator('pre')).toContainText('Total params: 61,706 (241.04 KB)');
});

for (const part of ['kernel-view', 'conv2d\\w*']) {
  test(`${part} cannot be loaded: the reason and another try`, async ({ page }) => {
    let broken = true;
    await page.route(new RegExp(`assets/${part}-[^/]*\\.js`), (route) => (broken ? route.abort() : route.continue()));
    await open(page);
    await page.locator('[data-layer="conv2d"]').click();
    const inspector = page.locator('cnp-inspector-panel');
    await inspector.getByRole('tab', { name: 'WGSL' }).click();
    await expect(inspector.getByRole('alert')).toContainText('could not be loaded');
    broken = false;
    await inspector.getByRole('button', { name: 'Try again' }).click();
    await expect(inspector.locator('pre')).toContainText('@compute');
    await expect(inspector.getByRole('alert')).toHaveCount(0);
  });
}

test('layers and pictures can be chosen with the keyboard, and a digit drawn', async ({ page }) => {
  await open(page);
  await page.locator('[data-layer="conv2d"]').focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('[data-layer="max_pooling2d"]')).toBeFocused();
  await expect(page.locator('[data-layer="max_pooling2d"]')).toHaveAttribute('aria-selected', 'true');

  // How many pictures a class has, and which share of all, is told with its row.
  const rows = page.locator('cnp-sample-grid [role=group]');
  await expect(rows).toHaveCount(10);
  await expect(rows.first()).toHaveAccessibleName(/178.*9\.9%/);
  await expect(page.locator('cnp-data-panel')).toContainText('1,438 to learn from, 359 to check with');
  await page.locator('cnp-sample-grid [role=option]').first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('cnp-sample-grid [role=option]').nth(7)).toHaveAttribute('aria-selected', 'true');

  await page.locator('cnp-draw-pad .pad').focus();
  await page.keyboard.press('Space');
  for (let i = 0; i < 12; i += 1) await page.keyboard.press('ArrowDown');
  await expect(page.locator('cnp-draw-panel')).toContainText('your drawing');
});
