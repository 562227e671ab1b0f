import { expect, test } from '@playwright/test';
import { open, pause, trainButton, until } from './helpers.js';

test('kernels are measured once and remembered, and a switch turns it off', async ({ page }) => {
  const complaints = await open(page);
  const settings = page.getByRole('button', { name: 'All settings' });
  const tuning = page.getByRole('checkbox', { name: /fastest on this GPU/ });
  const told = page.locator('[data-stat=tuning]');
  await settings.click();
  // A software adapter's costs are known.
  await expect(tuning).not.toBeChecked();
  await expect(told).toContainText('Off');

  await tuning.check();
  // A busy machine may have no time for a single one: then nothing is remembered.
  const none = /^The time for measuring, \d+\.\d s, was too short for any of the \d+ kinds of work/;
  const some = /^[1-9]\d* of the \d+ kinds of work in a training step timed in \d+\.\d s/;
  const measured = new RegExp(`${none.source}|${some.source}`);
  await expect(told).toHaveText(measured, { timeout: 90_000 });
  const first = (await told.textContent()) ?? '';
  expect(page.url()).toContain('tuning=on');
  await trainButton(page).click();
  await until(page, ({ step, loss }) => step > 2 && loss !== null && Number.isFinite(loss));
  await pause(page);

  await page.reload();
  await until(page, ({ phase }) => phase === 'ready');
  await settings.click();
  await expect(tuning).toBeChecked();
  await expect(told).toHaveText(some.test(first.trim()) ? /^Measured before on this GPU and remembered/ : measured, {
    timeout: 90_000,
  });
  await page.getByRole('button', { name: 'Measure again' }).click();
  await expect(told).toHaveText(measured, { timeout: 90_000 });
  await tuning.uncheck();
  await expect(told).toContainText('Off');
  await until(page, ({ phase, step }) => phase === 'ready' && step === 0);
  expect(complaints).toEqual([]);
});
