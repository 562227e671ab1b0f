import { expect, test } from '@playwright/test';
import { expectNoViolations, painted, open, state, trainButton, until } from './helpers.js';

test('a run ends after its epochs; its learning and its mistakes can be looked at, its history saved', async ({
  page,
}) => {
  const complaints = await open(page, '&batch=512');
  await page.getByRole('button', { name: 'All settings' }).click();
  const epochs = page.getByRole('textbox', { name: 'Epochs', exact: true });
  await epochs.fill('1.5');
  await epochs.press('Enter');
  await expect(epochs).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('alert')).toContainText('A whole number from 1 to');
  await epochs.fill('2');
  await epochs.press('Enter');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page).toHaveURL(/epochs=2/);
  await page.getByRole('combobox', { name: 'Schedule of the rate' }).selectOption('cosine');
  await page.getByRole('tab', { name: 'Learning' }).click();
  await trainButton(page).click();
  await until(page, ({ playing, validation }) => !playing && validation !== null);
  // 1,438 pictures are two full batches of 512 an epoch.
  expect((await state(page)).step).toBe(4);
  await expect(page.getByRole('status').filter({ hasText: 'All 2 epochs done' })).toHaveCount(1);

  const rows = page.locator('cnp-learning-view .row');
  await expect(rows).toHaveCount(5);
  await expect(rows.first()).toHaveAccessibleName(/conv2d: gradient norm [\d.e-]+ at step 4/);
  await expect(page.locator('cnp-learning-view')).toContainText(/seen from step [1-4] on/);
  await painted(page, page.locator('cnp-learning-view figure').first(), 3);
  await rows.nth(1).click();
  await expect(
    page.locator('cnp-inspector-panel').getByRole('heading', { name: 'conv2d_1', exact: true }),
  ).toBeVisible();

  await expect(page.locator('cnp-learning-view')).toContainText(/\d+ of 16 units give only zeros for this picture/);

  await page.getByRole('tab', { name: 'Mistakes' }).click();
  const cells = page.locator('cnp-mistakes-view td');
  await expect(cells.first()).toBeVisible();
  const counts = (await cells.allTextContents()).map(Number);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(359);
  const wrong = Number(await page.locator('cnp-mistakes-view [data-wrong]').getAttribute('data-wrong'));
  // The same pictures, the same weights: what validation says.
  const { validation } = await state(page);
  expect(wrong).toBe(Math.round((1 - (validation?.accuracy ?? 0)) * 359));
  await page.locator('cnp-mistakes-view .mistake').first().click();
  await expect(page.locator('cnp-draw-panel')).toContainText('label:');

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  expect((await download).suggestedFilename()).toBe('lenet-digits-seed1.csv');

  // Nothing is learnt after a reset, and nothing of before is shown.
  await page.getByRole('button', { name: /^Reset/ }).click();
  await expect(page.locator('cnp-mistakes-view')).toContainText('Nothing has been learnt yet');
  await expect(page.locator('cnp-mistakes-view td')).toHaveCount(0);

  // Who opens the view late is told from where on it counts, and one moment does not fill a row.
  for (const step of [1, 2]) {
    await page.getByRole('button', { name: 'One step' }).click();
    await until(page, (now) => now.step === step);
  }
  await page.getByRole('tab', { name: 'Learning' }).click();
  await expect(page.locator('cnp-learning-view')).toContainText('seen from step 2 on');
  await expect(page.locator('cnp-learning-view')).toContainText('One moment so far');
  expect(
    await rows
      .first()
      .locator('canvas')
      .evaluate((canvas: HTMLCanvasElement) => canvas.width),
  ).toBe(32);
  expect(complaints).toEqual([]);
});

test('a link with what cannot be says so, by name, and shows the usual instead', async ({ page }) => {
  await page.goto('./?lang=ko&model=vgg19&lr=abc&modle=lenet');
  await until(page, ({ phase }) => phase === 'ready', 60_000);
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('링크의 lr=abc: 쓸 수 없는 값입니다.');
  await expect(alert).toContainText('modle=lenet: 이 페이지에 없는 이름입니다. 혹시 model=lenet인가요?');
  await expect(alert).toContainText('224×224×3 그림이 필요한데 이 페이지의 그림은 32×32입니다.');
  const { settings, error } = await state(page);
  // Whoever embeds the page is told so in its language too.
  expect(error).toContain('링크의 lr=abc: 쓸 수 없는 값입니다.');
  expect(settings).toMatchObject({ model: 'lenet', lr: 0.002, batch: 16, schedule: 'cosine', epochs: 10 });
  // An element's attributes are called so.
  await page.evaluate(() => {
    const element = document.createElement('cnn-playground');
    for (const [name, value] of Object.entries({ lang: 'en', theme: 'dakr', view: 'netwrok' }))
      element.setAttribute(name, value);
    document.querySelector('cnn-playground')?.replaceWith(element);
  });
  await expect(alert).toContainText('The attribute view="netwrok" does not work', { timeout: 60_000 });
  await expect(alert).toContainText('Did you mean theme="dark"?');
  await expect(alert).toContainText('all panels are shown instead');
  // What was meant is a button.
  await page.getByRole('button', { name: 'Use view="network"' }).click();
  await expect(page.locator('cnp-data-panel')).toHaveCount(0);
  await expect(page.locator('cnp-network-graph')).toBeVisible();
});

test('what a link probably meant opens at a press; of all models the nearest are named', async ({ page }) => {
  await open(page, '&model=vgg99');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('names no model; lenet is used instead. What comes nearest: vgg_32,');
  await expect(alert).toContainText(/and \d+ more in the model menu/);
  await expectNoViolations(page, 'a link with a way out', ['cnn-playground', 'cnp-message-banner']);
  await page.getByRole('link', { name: 'Use model=vgg_32' }).click();
  await expect(page).toHaveURL(/model=vgg_32/);
  await expect(page.getByRole('button', { name: 'Train', exact: true })).toBeEnabled({ timeout: 60_000 });
  await expect(page.getByLabel('Model', { exact: true })).toHaveValue('vgg_32');
  await expect(alert).toHaveCount(0);
});

test('an output value is reckoned from its window, and is what the GPU has', async ({ page }) => {
  await open(page);
  await page.getByRole('tab', { name: 'Arithmetic' }).click();
  const view = page.locator('cnp-arithmetic-view');
  const sum = view.locator('[data-total]');
  for (const layer of ['conv2d_1', 'max_pooling2d']) {
    await page.locator(`[data-layer="${layer}"]`).click();
    const output = view.getByRole('application');
    await output.focus();
    for (const key of ['ArrowLeft', 'ArrowUp', 'ArrowUp']) await page.keyboard.press(key);
    await expect(sum).toHaveAttribute('data-measured', /\d/);
    const [total, measured] = await Promise.all(
      ['data-total', 'data-measured'].map(async (name) => Number(await sum.getAttribute(name))),
    );
    // The window lies on the input, and what it sees of the picture on the picture: 5×5 after a 5×5 and a pool is 14×14.
    const share = (map: string): Promise<number> =>
      view.locator(`.map.${map} .box`).evaluate((box) => box.clientWidth / (box.parentElement?.clientWidth ?? 1));
    if (layer === 'conv2d_1') {
      expect(Math.abs((await share('input')) - 5 / 14)).toBeLessThan(0.03);
      expect(Math.abs((await share('picture')) - 14 / 32)).toBeLessThan(0.03);
    }
    // ReLU is all that lies between the two.
    expect(Math.max(0, total ?? Number.NaN)).toBeCloseTo(measured ?? Number.NaN, 5);
  }
  await page.locator('[data-layer="dense"]').click();
  await expect(view).toContainText('choose such a layer');
});
