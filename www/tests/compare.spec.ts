import { expect, test } from '@playwright/test';
import { expectNoViolations, open, state, trainButton, until } from './helpers.js';

test('a run’s curves stay, the next one is drawn over them with what changed named, and both are exported', async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page, '&batch=256&epochs=1');
  const pin = page.getByRole('button', { name: 'Keep these curves' });
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
