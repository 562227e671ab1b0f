import { expect, test } from '@playwright/test';
import { expectNoViolations, open, painted, state, trainButton, until } from './helpers.js';

test('a run’s curves stay, the next one is drawn over them with what changed named, and both are exported', async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page, '&batch=256&epochs=1');
  const pin = page.getByRole('button', { name: 'Keep curves' });
  await expect(pin).toBeDisabled();
  await trainButton(page).click();
  const first = await until(page, ({ validation, playing }) => validation !== null && !playing);
  await pin.click();
  const rows = page.locator('cnp-compare-table tbody tr');
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText('same settings');
  const accuracy = `${((first.validation?.accuracy ?? 0) * 100).toFixed(1)}%`;
  await expect(rows.nth(1)).toContainText(accuracy);

  await page.evaluate(() => {
    (document.querySelector('cnn-playground') as unknown as { setState(change: object): void }).setState({
      optimizer: 'sgd',
      lr: 0.1,
    });
  });
  await until(page, ({ step, phase }) => step === 0 && phase === 'ready');
  await expect(rows.nth(0).locator('mark')).toHaveText('SGD, Learning rate 0.1');
  await expect(rows.nth(1)).toContainText('Adam, Learning rate 0.002');
  await trainButton(page).click();
  await until(page, ({ validation, playing }) => validation !== null && !playing);
  // The ghost keeps its figures.
  await expect(rows.nth(1)).toContainText(accuracy);
  const ghosts = await page
    .locator('cnp-curve-chart')
    .evaluateAll((charts) => charts.map((chart) => (chart as unknown as { ghosts: unknown[] }).ghosts.length));
  expect(ghosts).toEqual([1, 1]);
  await expectNoViolations(page, 'compared runs', ['cnn-playground', 'cnp-training-panel']);

  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()]);
  const text = await (await file.createReadStream()).toArray().then((parts) => Buffer.concat(parts).toString());
  expect(text.split('\n')[0]).toMatch(/^run,step,/);
  expect(text).toMatch(/^1,1,,/m);

  await pin.click();
  await expect(rows).toHaveCount(3);
  await page.getByRole('button', { name: /^Remove Adam/ }).click();
  await expect(rows).toHaveCount(2);
  if (process.env['SHOTS'] !== undefined) await page.screenshot({ path: `${process.env['SHOTS']}/compare.png` });
  expect((await state(page)).error).toBeNull();
});

test('two runs side by side: A stays, one setting is changed and marked, B trains beside it on the same axes', async ({
  page,
}) => {
  const complaints = await open(page, '&batch=256&epochs=1');
  const beside = page.getByRole('button', { name: 'Side by side' });
  await expect(beside).toBeDisabled();
  await trainButton(page).click();
  const a = await until(page, ({ validation, playing }) => validation !== null && !playing);
  await beside.click();
  const view = page.locator('cnp-compare-view');
  await expect(view.getByRole('heading', { name: 'Two runs side by side' })).toBeFocused();
  // B begins where A began.
  await until(page, ({ step, loss }) => step === 0 && loss === null);
  await expect(view.getByRole('status')).toContainText('A and B have the same settings');
  const cells = (row: string): ReturnType<typeof view.locator> => view.locator(`[data-${row}] td`);
  const error = `${((1 - (a.validation?.accuracy ?? 0)) * 100).toFixed(1)}%`;
  await expect(cells('result=top1')).toHaveText([error, '–', '']);

  // Another optimiser is one change: its rate stays as A's.
  await page.getByRole('combobox', { name: 'Optimiser', exact: true }).selectOption('rmsprop');
  await expect(view.getByRole('status')).toContainText('One setting differs');
  await expect(cells('setting=lr')).toHaveText(['0.002', '0.002', '']);
  await page.getByRole('combobox', { name: 'Optimiser', exact: true }).selectOption('adam');
  await expect(view.getByRole('status')).toContainText('A and B have the same settings');

  // The settings stand where the curves were. A rate needs no run of its own: B is the one that stands at its beginning.
  await page.getByLabel('Learning rate', { exact: true }).fill('0.01');
  await page.keyboard.press('Enter');
  await expect(view.getByRole('status')).toContainText('Learning rate 0.002 → 0.01');
  await expect(cells('setting=lr')).toHaveText(['0.002', '0.01', 'changed']);
  await expect(view.locator('mark')).toHaveCount(1);
  await trainButton(page).click();
  const b = await until(page, ({ validation, playing }) => validation !== null && !playing);
  await expect(cells('result=epochs')).toHaveText(['1', '1', '0']);
  await expect(cells('result=top1').nth(0)).toHaveText(error);
  await expect(cells('result=top1').nth(1)).toHaveText(`${((1 - (b.validation?.accuracy ?? 0)) * 100).toFixed(1)}%`);
  await expect(cells('result=time').nth(1)).toHaveText(/^\d+:\d\d$/);
  for (const result of ['loss', 'top5', 'training']) await expect(cells(`result=${result}`).nth(2)).toHaveText(/\d/);
  // Both runs have left the same marks in both charts, and a bar for each of LeNet's five layers with weights.
  const drawn = await view.locator('cnp-curve-chart').evaluateAll((charts) =>
    charts.map((chart) => {
      const { curve, validation, ghosts } = chart as unknown as Record<'curve' | 'validation', { steps: number[] }> & {
        ghosts: Record<'curve' | 'validation', { steps: number[] }>[];
      };
      return [{ curve, validation }, ...ghosts].map((run) => [run.curve.steps.length, run.validation.steps.length]);
    }),
  );
  const marks = [Math.floor(1438 / 256), 1];
  expect(drawn).toEqual([
    [marks, marks],
    [marks, marks],
  ]);
  for (const side of ['A', 'B']) await expect(view.locator(`[data-norms=${side}] rect`)).toHaveCount(5);
  // So have their feature maps of the same picture, B's as they are now; of another picture there is nothing to compare.
  const maps = view.locator('cnp-compare-maps');
  for (const side of ['A', 'B']) {
    await expect(maps.locator(`[data-maps=${side}] canvas`)).toHaveCount(6);
    await painted(page, maps.locator(`[data-maps=${side}] .maps`), 8);
    await expect(maps.locator(`[data-maps=${side}] figcaption`)).toContainText('step 5, values from 0 to ');
  }
  const pictures = await Promise.all(['A', 'B'].map((side) => maps.locator(`[data-maps=${side}] .maps`).screenshot()));
  expect(pictures[0]?.equals(pictures[1] ?? Buffer.from([]))).toBe(false);
  await page.locator('cnp-sample-grid [role=option]').nth(9).click();
  await expect(maps).toContainText('another picture');
  await maps.getByRole('button', { name: 'Show B that picture' }).click();
  await expect(maps.locator('[data-maps=B] canvas')).toHaveCount(6);
  await expectNoViolations(page, 'side by side, en, light', ['cnn-playground', 'cnp-compare-view']);

  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'JSON' }).click()]);
  const text = await (await file.createReadStream()).toArray().then((parts) => Buffer.concat(parts).toString());
  const saved = JSON.parse(text) as { settings: { lr: number }; compared: { settings: { lr: number } }[] };
  expect([saved.settings.lr, ...saved.compared.map(({ settings }) => settings.lr)]).toEqual([0.01, 0.002]);

  // In Korean, dark, on a phone: nothing sticks out, and two changes are too many to tell apart.
  await page.setViewportSize({ width: 390, height: 844 });
  await page.evaluate(() => {
    const change = { lang: 'ko', theme: 'dark', optimizer: 'sgd' };
    (document.querySelector('cnn-playground') as unknown as { setState(change: object): void }).setState(change);
  });
  await expect(view.getByRole('status')).toContainText('설정 2개가 다릅니다');
  await expect(view.locator('mark')).toHaveText(['바뀜', '바뀜']);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wider).toBeLessThanOrEqual(0);
  await expectNoViolations(page, 'side by side, ko, dark', ['cnn-playground', 'cnp-compare-view']);
  await view.getByRole('button', { name: '신경망으로 돌아가기' }).click();
  await expect(page.locator('cnp-network-graph [data-layer="conv2d"]')).toBeVisible();
  await expect(page.getByRole('button', { name: '나란히 보기' })).toBeFocused();
  expect(complaints).toEqual([]);
});
