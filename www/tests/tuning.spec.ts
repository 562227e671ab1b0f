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
  await expect(told).toHaveText(/^\d+ of \d+ shapes measured in \d+\.\d s; \d+ kernels? other than expected\.$/, {
    timeout: 90_000,
  });
  expect(page.url()).toContain('tuning=on');
  await trainButton(page).click();
  await until(page, ({ step, loss }) => step > 2 && loss !== null && Number.isFinite(loss));
  await pause(page);

  await page.reload();
  await until(page, ({ phase }) => phase === 'ready');
  await settings.click();
  await expect(tuning).toBeChecked();
  await expect(told).toHaveText('Measured before on this GPU, and remembered.');
  await tuning.uncheck();
  await expect(told).toContainText('Off');
  await until(page, ({ phase, step }) => phase === 'ready' && step === 0);
  expect(complaints).toEqual([]);
});
